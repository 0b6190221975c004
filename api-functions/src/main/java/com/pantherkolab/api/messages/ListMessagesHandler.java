package com.pantherkolab.api.messages;

import com.pantherkolab.api.command.Outcome;
import com.pantherkolab.api.command.Refusal;
import com.pantherkolab.api.http.Handler;
import com.pantherkolab.api.http.Request;
import com.pantherkolab.api.store.StateReader;
import com.pantherkolab.api.store.StateReader.Direction;
import com.pantherkolab.common.Conversation;
import com.pantherkolab.common.Json;
import com.pantherkolab.common.Message;
import java.util.ArrayList;
import java.util.List;

/// `GET /api/conversations/{conversationId}/messages`: a page that is complete, or refused.
///
/// Strongly consistent throughout, at a whole read unit for each 4 KB and one for the conversation: what is missing
/// here, a client would never look for again. Whether there is more is told by the last sequence as it was before
/// the page was read, and the page holds nothing beyond it.
public final class ListMessagesHandler implements Handler {
    /// What the messages of a page may take up as JSON; the rest of a megabyte is for what stands around them.
    static final int MAX_PAGE_BYTES = 990_000;

    private final StateReader state;

    public ListMessagesHandler(StateReader state) {
        this.state = state;
    }

    record Page(List<Message> messages, boolean hasMore) {}

    @Override
    public Outcome handle(Request request) {
        return request.readParameters(ListMessages::read).then(query -> list(request, query));
    }

    private Outcome list(Request request, ListMessages query) {
        Conversation conversation = state.conversationOf(request.caller(), query.conversationId());
        if (conversation == null) {
            return new Outcome.Refused(Refusal.noSuchConversation());
        }
        String etag = query.etag(conversation.lastSequence());
        return request.has(etag)
                ? new Outcome.NotModified(etag)
                : new Outcome.Done(page(query, conversation.lastSequence()), etag);
    }

    private Page page(ListMessages query, long lastSequence) {
        Direction direction = query.direction();
        int step = direction == Direction.FORWARD ? 1 : -1;
        List<Message> page = new ArrayList<>();
        long next = query.first(lastSequence);
        long bytes = 0;
        boolean full = false;
        while (!full && page.size() < query.limit() && next >= 1 && next <= lastSequence) {
            for (Message message :
                    state.messages(query.conversationId(), next, direction, query.limit() - page.size())) {
                if (message.sequence() > lastSequence) {
                    break;
                }
                bytes += Json.mapper().writeValueAsBytes(message).length + 1;
                full = bytes > MAX_PAGE_BYTES;
                if (full) {
                    break;
                }
                requireNoGap(next, message);
                page.add(message);
                next += step;
            }
        }
        return new Page(
                direction == Direction.FORWARD ? page : page.reversed(),
                direction == Direction.FORWARD ? next <= lastSequence : next >= 1);
    }

    /// A page that skips a committed message is worse than none.
    private static void requireNoGap(long expected, Message message) {
        if (message.sequence() != expected) {
            throw new IllegalStateException("a message is missing from its conversation");
        }
    }
}
