package io.galerne.catalog;

/** What a model can be asked to do; the names are those of the wire contract, in upper case. */
public enum Capability {
  COMPLETION_CHAT,
  FUNCTION_CALLING,
  REASONING,
  COMPLETION_FIM,
  FINE_TUNING,
  VISION,
  OCR,
  CLASSIFICATION,
  MODERATION,
  AUDIO,
  AUDIO_TRANSCRIPTION,
  AUDIO_TRANSCRIPTION_REALTIME,
  AUDIO_SPEECH
}
