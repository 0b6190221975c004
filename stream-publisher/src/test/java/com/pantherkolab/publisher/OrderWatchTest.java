package com.pantherkolab.publisher;

import static com.pantherkolab.publisher.Samples.ALICE;
import static com.pantherkolab.publisher.Samples.BOB;
import static com.pantherkolab.publisher.Samples.message;
import static org.assertj.core.api.Assertions.assertThat;

import com.pantherkolab.common.Channel;
import com.pantherkolab.common.Event;
import com.pantherkolab.common.OutboxEntry;
import com.pantherkolab.common.Publication;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class OrderWatchTest {
    private final OrderWatch watch = new OrderWatch();

    @Test
    void onlyWhatComesBehindALaterOneWentBackwards() {
        assertThat(wentBackwards("c1", 1, ALICE)).isFalse();
        assertThat(wentBackwards("c1", 3, ALICE)).isFalse();
        assertThat(wentBackwards("c1", 3, ALICE)).isFalse();
        assertThat(wentBackwards("c1", 2, ALICE)).isTrue();
        assertThat(wentBackwards("c1", 2, ALICE)).isTrue();
        assertThat(wentBackwards("c1", 4, ALICE)).isFalse();
    }

    @Test
    void eachAggregateAndEachChannelHasItsOwnOrder() {
        wentBackwards("c1", 9, ALICE);

        assertThat(wentBackwards("c2", 1, ALICE)).isFalse();
        assertThat(wentBackwards("c1", 1, BOB)).isFalse();
    }

    @ParameterizedTest
    @EnumSource(names = {"MESSAGE_READ", "USER_TYPING", "USER_STOPPED_TYPING"})
    void aMarkMayLieBehindMessagesAndTypingHasNoOrder(Event.Type type) {
        wentBackwards("c1", 9, ALICE);

        assertThat(watch.wentBackwards(delivery(type, "c1", 3, ALICE))).isFalse();
        assertThat(watch.wentBackwards(delivery(type, "c1", 12, ALICE))).isFalse();
        assertThat(wentBackwards("c1", 10, ALICE)).isFalse();
    }

    @Test
    void onlyTheLatestUsedAreRemembered() {
        wentBackwards("c0", 2, ALICE);
        wentBackwards("c1", 2, ALICE);
        for (int i = 2; i < OrderWatch.REMEMBERED; i++) {
            wentBackwards("c" + i, 2, ALICE);
        }
        wentBackwards("c0", 2, ALICE);
        wentBackwards("one more", 2, ALICE);

        assertThat(watch.size()).isEqualTo(OrderWatch.REMEMBERED);
        assertThat(wentBackwards("c0", 1, ALICE)).isTrue();
        assertThat(wentBackwards("c1", 1, ALICE)).isFalse();
    }

    private boolean wentBackwards(String conversation, int order, Channel channel) {
        return watch.wentBackwards(delivery(Event.Type.MESSAGE_SENT, conversation, order, channel));
    }

    private static Delivery delivery(Event.Type type, String conversation, int order, Channel channel) {
        OutboxEntry message = message(conversation, order, channel);
        Publication publication = new Publication(type, 1, "{}", List.of(channel), null);
        OutboxEntry entry = new OutboxEntry(
                message.aggregate(), message.eventId(), order, message.timestamp(), List.of(publication));
        return new Delivery(new SequenceNumber("1"), entry, publication, channel, 10);
    }
}
