package com.pantherkolab.local;

import com.pantherkolab.api.ApiSystem;
import com.pantherkolab.api.law.GeneratedCommands;
import com.pantherkolab.api.store.DynamoChangeWriter;
import com.pantherkolab.api.store.DynamoStateReader;
import com.pantherkolab.api.store.Pause;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// The law of state on DynamoDB Local, with the tables that `template.yaml` deploys; on a store in memory it is
/// held by many more sequences.
class LawOnDynamoTest {
    /// More of them: `-Dlaw.dynamo.sequences=300`.
    private static final int SEQUENCES = Integer.getInteger("law.dynamo.sequences", 30);

    private static final int COMMANDS = 50;

    /// The first seed: `-Dseed=…`. What fails names its own.
    private static final long FIRST_SEED = Long.getLong("seed", 1);

    @Test
    void oldStatePlusTheEventsReceivedIsTheNewStateReadBack() throws Exception {
        try (EmbeddedDynamo dynamo =
                EmbeddedDynamo.start(Deployment.read(Deployment.find()).tables(), () -> {})) {
            DynamoStateReader state = new DynamoStateReader(dynamo.client(), DeployedHere.TABLES);
            DynamoChangeWriter writer = new DynamoChangeWriter(
                    dynamo.client(),
                    DeployedHere.TABLES,
                    new Pause(Duration.ofMillis(1), Duration.ofMillis(1), new Random(1), Thread::sleep));

            for (long seed = FIRST_SEED; seed < FIRST_SEED + SEQUENCES; seed++) {
                try {
                    GeneratedCommands.run(new ApiSystem(state, writer), seed, COMMANDS);
                } catch (AssertionError broken) {
                    throw new AssertionError("-Dseed=" + seed, broken);
                }
            }
        }
    }
}
