package com.pantherkolab.api.law;

import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// A mistake that is planted between the system and the law, to show that the law finds it.
interface Mistake {
    /// None.
    Mistake NONE = new Mistake() {};

    /// What a user hears of an event; normally the event if it is addressed to them, else nothing.
    default List<JsonNode> hears(String user, boolean isAddressed, ObjectNode event) {
        return isAddressed ? List.of(event) : List.of();
    }

    /// What a page of messages becomes.
    default List<JsonNode> page(List<JsonNode> messages) {
        return messages;
    }

    /// What a conversation that is read becomes.
    default JsonNode conversation(ObjectNode conversation) {
        return conversation;
    }
}
