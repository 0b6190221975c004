package com.pantherkolab.local;

import com.pantherkolab.api.store.CallStoreContract;
import com.pantherkolab.api.store.ChangeWriter;
import com.pantherkolab.api.store.DynamoChangeWriter;
import com.pantherkolab.api.store.DynamoStateReader;
import com.pantherkolab.api.store.Pause;
import com.pantherkolab.api.store.StateReader;
import com.pantherkolab.common.Aggregate;
import com.pantherkolab.common.OutboxEntry;
import java.time.Duration;
import java.util.List;
import java.util.Random;

/// The contract of calls, on tables that are deployed.
abstract class DeployedCallStoreContract extends CallStoreContract {
    private final Deployed deployed;

    /// @param deployed shared with other tests
    DeployedCallStoreContract(Deployed deployed) {
        this.deployed = deployed;
    }

    @Override
    protected StateReader state() {
        return new DynamoStateReader(deployed.dynamo(), deployed.tables());
    }

    @Override
    protected ChangeWriter writer() {
        return new DynamoChangeWriter(
                deployed.dynamo(),
                deployed.tables(),
                new Pause(Duration.ofMillis(1), Duration.ofMillis(1), new Random(1), Thread::sleep));
    }

    @Override
    protected List<OutboxEntry> outbox(Aggregate aggregate) {
        return deployed.outbox(aggregate);
    }
}
