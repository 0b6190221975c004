package com.pantherkolab.api.store;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/// The names of the tables, from the properties `tables.*` (in a Lambda function: `TABLES_…`).
///
/// It promises names that are there; it does not promise that tables of these names exist.
@ConfigurationProperties("tables")
public record Tables(
        String users, String conversations, String memberships, String messages, String calls, String outbox) {

    public Tables {
        require("users", users);
        require("conversations", conversations);
        require("memberships", memberships);
        require("messages", messages);
        require("calls", calls);
        require("outbox", outbox);
    }

    private static void require(String property, @Nullable String value) {
        if (value == null || value.isBlank()) {
            throw new IllegalArgumentException("tables.%s is not set".formatted(property));
        }
    }
}
