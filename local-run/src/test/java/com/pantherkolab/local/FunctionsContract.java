package com.pantherkolab.local;

import java.util.UUID;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;

/// What the contracts of functions begin with: resources that are deployed, and the functions on them.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class FunctionsContract {
    final String run = UUID.randomUUID().toString().substring(0, 8);
    final String alice = "alice-" + run;
    final String bob = "bob-" + run;

    private final Supplier<Deployed> place;
    private final String[] properties;
    Deployed deployed;
    DeployedFunctions functions;

    /// @param properties of the functions, in place of the template's environment
    FunctionsContract(Supplier<Deployed> place, String... properties) {
        this.place = place;
        this.properties = properties;
    }

    @BeforeAll
    void deploy() {
        deployed = place.get();
        functions = DeployedFunctions.start(deployed, properties);
    }

    @AfterEach
    void mend() {
        deployed.faults(() -> StoreFaults.Fate.NONE);
        functions.mend();
        functions.awaitHandled();
    }

    @AfterAll
    void remove() {
        functions.close();
    }
}
