package io.galerne.metering;

/** Whether somebody waits for the answer; it decides the price. */
public enum ServiceClass {
  REALTIME,
  BATCH
}
