/// Tests of the publisher: its rules one by one, its port on the fake and on the real thing, and the whole of it
/// under random weather. Nothing sleeps; random tests name their seed.
@NullMarked
package com.pantherkolab.publisher;

import org.jspecify.annotations.NullMarked;
