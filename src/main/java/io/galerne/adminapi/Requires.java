package io.galerne.adminapi;

import io.galerne.identity.Permission;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The permission that an operation needs. {@link PermissionCheck} refuses who has it not, and
 * operations without this annotation to everybody.
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@interface Requires {
  Permission value();

  /** Whether to have it in single workspaces is enough: the operation then keeps to those. */
  boolean inWorkspace() default false;
}
