package io.galerne.console;

import io.galerne.identity.Permission;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** The permission that a page or an action of the console needs, somewhere at least. */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@interface Needs {
  Permission value();

  /** Whether to have it in single workspaces is enough: the page then keeps to those. */
  boolean inWorkspace() default false;

  /** Whether it is open to the platform's operators too, who may have no role in any tenant. */
  boolean orOperator() default false;
}
