package com.pantherkolab.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/// The suite of store and stream in this JVM: on DynamoDB Local, and on local run's stand-ins of SQS and S3. The
/// same suite runs on another implementation of AWS in [LocalStackTest].
class StoreAndStreamTest {
    private static Deployed shared;

    @BeforeAll
    static void deploy() {
        shared = DeployedHere.deploy();
    }

    @AfterAll
    static void remove() {
        shared.close();
    }

    @Test
    void bothRunTheSameContracts() {
        assertThat(contracts(StoreAndStreamTest.class))
                .hasSizeGreaterThanOrEqualTo(8)
                .isEqualTo(contracts(LocalStackTest.class));
    }

    private static Set<Class<?>> contracts(Class<?> suite) {
        return Arrays.stream(suite.getDeclaredClasses())
                .filter(nested -> nested.isAnnotationPresent(Nested.class))
                .<Class<?>>map(Class::getSuperclass)
                .filter(contract -> contract != Object.class)
                .collect(Collectors.toSet());
    }

    @Nested
    class Store extends DeployedStoreContract {
        Store() {
            super(shared);
        }
    }

    @Nested
    class CallStore extends DeployedCallStoreContract {
        CallStore() {
            super(shared);
        }
    }

    @Nested
    class Stream extends DeployedStreamContract {
        Stream() {
            super(DeployedHere::deploy);
        }
    }

    @Nested
    class Commands extends CommandsContract {
        Commands() {
            super(DeployedHere::deploy);
        }
    }

    @Nested
    class Publishing extends PublishingContract {
        Publishing() {
            super(DeployedHere::deploy);
        }
    }

    @Nested
    class Replaying extends ReplayContract {
        Replaying() {
            super(DeployedHere::deploy);
        }
    }

    @Nested
    class TimersQueue extends TimersQueueContract {
        TimersQueue() {
            super(DeployedHere::deploy);
        }
    }

    @Nested
    class UnansweredCall extends UnansweredCallContract {
        UnansweredCall() {
            super(DeployedHere::deploy);
        }
    }
}
