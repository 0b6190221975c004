package com.pantherkolab.api.conversations;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.pantherkolab.api.command.Outcome;
import com.pantherkolab.api.command.Refusal;
import com.pantherkolab.api.http.Field;
import com.pantherkolab.api.http.Request;
import com.pantherkolab.api.http.Rule;
import com.pantherkolab.api.store.Head;
import com.pantherkolab.api.store.Membership;
import com.pantherkolab.api.store.StateReader;
import com.pantherkolab.common.Conversation;
import com.pantherkolab.common.UserId;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// `GET /api/conversations` and `GET /api/conversations/{conversationId}`.
///
/// Heads and marks are read strongly consistent, because a client takes from them what it lacks.
public final class ConversationQueries {
    /// How many conversations a list goes back: those that were joined last.
    static final int MAX_LISTED = 1_000;

    private final StateReader state;
    private final Clock clock;

    public ConversationQueries(StateReader state, Clock clock) {
        this.state = state;
        this.clock = clock;
    }

    record Listed(
            List<Conversations.View> conversations,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            String cursor) {}

    record Detailed(Detail conversation) {}

    /// @param readMarks up to where each participant has read, by user id
    record Detail(@JsonUnwrapped Conversations.View view, Map<String, Long> readMarks) {}

    /// `GET /api/conversations`.
    public Outcome list(Request request) {
        return request.readParameters(parameters -> ListConversations.read(parameters, request.caller()))
                .then(query -> list(request.caller(), query));
    }

    /// `GET /api/conversations/{conversationId}`.
    public Outcome get(Request request) {
        return request.readParameters(parameters -> {
                    Field<String> id = parameters.required("conversationId", Rule.id());
                    return parameters.build(id::get);
                })
                .then(conversationId -> get(request.caller(), conversationId));
    }

    private Outcome list(UserId caller, ListConversations query) {
        List<Membership> memberships = state.memberships(caller, MAX_LISTED);
        Map<String, Head> heads =
                state.heads(memberships.stream().map(Membership::conversationId).toList());
        ConversationPage page = ConversationPage.of(memberships, heads, query, clock.instant());
        Map<String, Head> ofPage = new LinkedHashMap<>();
        page.memberships()
                .forEach(membership -> ofPage.put(
                        membership.conversationId(), Objects.requireNonNull(heads.get(membership.conversationId()))));
        Map<String, Conversation> conversations = state.conversations(ofPage);
        return new Outcome.Done(new Listed(
                page.memberships().stream()
                        .map(membership -> Conversations.View.of(
                                Objects.requireNonNull(conversations.get(membership.conversationId())),
                                membership.lastReadSequence()))
                        .toList(),
                page.next() == null ? null : page.next().text(caller)));
    }

    private Outcome get(UserId caller, String conversationId) {
        Conversation conversation = state.conversationOf(caller, conversationId);
        if (conversation == null) {
            return new Outcome.Refused(Refusal.noSuchConversation());
        }
        Map<String, Long> marks = new LinkedHashMap<>();
        state.memberships(conversation)
                .forEach(membership -> marks.put(membership.userId().value(), membership.lastReadSequence()));
        return new Outcome.Done(new Detailed(new Detail(
                Conversations.View.of(conversation, Objects.requireNonNull(marks.get(caller.value()))), marks)));
    }
}
