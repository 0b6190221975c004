/// A packaged function as Lambda runs it: AWS's runtime interface client in a JVM of its own, and the runtime API
/// that it asks for its events.
///
/// The classes here use nothing but the JDK, so that the build of an image can run them without the rest of the
/// house.
@NullMarked
package com.pantherkolab.local.lambda;

import org.jspecify.annotations.NullMarked;
