package com.pantherkolab.api.store;

import com.pantherkolab.common.Aggregate;
import com.pantherkolab.common.OutboxEntry;
import java.util.List;

class MemoryCallStoreTest extends CallStoreContract {
    private final MemoryStore store = new MemoryStore();

    @Override
    protected StateReader state() {
        return store;
    }

    @Override
    protected ChangeWriter writer() {
        return store;
    }

    @Override
    protected List<OutboxEntry> outbox(Aggregate aggregate) {
        return store.outbox().stream()
                .filter(entry -> entry.aggregate().equals(aggregate))
                .toList();
    }
}
