package com.pantherkolab.publisher;

import java.util.List;

/// The fake keeps the contract of what it stands for.
class FakeAppSyncTest extends ChannelPublisherContract {
    private final FakeAppSync fake = new FakeAppSync();

    @Override
    ChannelPublisher publisher() {
        return fake;
    }

    @Override
    void behave(Behaviour behaviour) {
        fake.weather(_ -> behaviour);
    }

    @Override
    List<String> taken() {
        return fake.taken().stream().map(FakeAppSync.Taken::event).toList();
    }
}
