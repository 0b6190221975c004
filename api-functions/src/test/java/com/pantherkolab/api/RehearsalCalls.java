package com.pantherkolab.api;

import java.util.List;
import java.util.Map;

/// What the rehearsals of the functions ask DynamoDB for: each operation with its table, by the table's logical id.
public final class RehearsalCalls {
    /// By the function's bean.
    public static final Map<String, List<String>> OF = Map.of(
            "messagesApi", List.of("Query ConversationsTable", "GetItem OutboxTable"),
            "conversationsApi", List.of("Query ConversationsTable"),
            "callsApi", List.of("GetItem CallsTable", "GetItem OutboxTable"),
            "callWorkflow", List.of("GetItem CallsTable"),
            "callTimers", List.of("GetItem CallsTable"));

    private RehearsalCalls() {}
}
