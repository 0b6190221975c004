package com.pantherkolab.api.store;

import com.pantherkolab.common.Aggregate;
import com.pantherkolab.common.Message;
import com.pantherkolab.common.OutboxEntry;
import java.util.List;

class MemoryStoreTest extends StoreContract {
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
    protected void nextWrite(BadDay day) {
        store.badDays(List.of(MemoryStore.BadDay.valueOf(day.name())));
    }

    @Override
    protected List<OutboxEntry> outbox(String conversationId) {
        return store.outbox().stream()
                .filter(entry -> entry.aggregate().equals(Aggregate.conversation(conversationId)))
                .toList();
    }

    @Override
    protected List<Long> sequences(String conversationId) {
        return store.messages(conversationId).stream().map(Message::sequence).toList();
    }
}
