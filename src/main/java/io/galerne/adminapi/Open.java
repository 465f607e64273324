package io.galerne.adminapi;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** An operation for everybody who gets there, such as answering that there is no such route. */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@interface Open {}
