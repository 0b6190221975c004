package com.pantherkolab.publisher;

import java.time.Duration;

/// How to wait; an argument, so that a test need not.
@FunctionalInterface
interface Sleeper {
    void sleep(Duration time) throws InterruptedException;
}
