package com.pantherkolab.local;

import com.pantherkolab.api.store.ChangeWriter;
import com.pantherkolab.api.store.DynamoChangeWriter;
import com.pantherkolab.api.store.DynamoStateReader;
import com.pantherkolab.api.store.Pause;
import com.pantherkolab.api.store.StateReader;
import com.pantherkolab.api.store.StoreContract;
import com.pantherkolab.common.Aggregate;
import com.pantherkolab.common.OutboxEntry;
import com.pantherkolab.local.StoreFaults.Fate;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Random;

/// The store's contract, on tables that are deployed.
abstract class DeployedStoreContract extends StoreContract {
    private final Deployed deployed;

    /// @param deployed shared with other tests
    DeployedStoreContract(Deployed deployed) {
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
    protected void nextWrite(BadDay day) {
        Deque<Fate> fates = new ArrayDeque<>(List.of(
                switch (day) {
                    case THROTTLED -> Fate.THROTTLE;
                    case LOST_BEFORE -> Fate.LOST_REQUEST;
                    case LOST_AFTER -> Fate.LOST_RESPONSE;
                    case CONFLICT -> Fate.CONFLICT;
                }));
        deployed.faults(() -> fates.isEmpty() ? Fate.NONE : fates.remove());
    }

    @Override
    protected List<OutboxEntry> outbox(String conversationId) {
        return deployed.outbox(Aggregate.conversation(conversationId));
    }

    @Override
    protected List<Long> sequences(String conversationId) {
        return deployed.sequences(conversationId);
    }
}
