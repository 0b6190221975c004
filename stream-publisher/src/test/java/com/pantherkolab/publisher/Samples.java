package com.pantherkolab.publisher;

import com.pantherkolab.common.Channel;
import com.pantherkolab.common.UserId;

/// Channels to test with.
final class Samples {
    static final Channel ALICE = channel("alice");

    private Samples() {}

    static Channel channel(String user) {
        return Channel.chats(new UserId(user));
    }
}
