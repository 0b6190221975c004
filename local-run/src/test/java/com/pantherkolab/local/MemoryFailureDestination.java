package com.pantherkolab.local;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;

/// Keeps the documents in memory.
final class MemoryFailureDestination implements FailureDestination {
    private final Map<String, String> documents = new ConcurrentSkipListMap<>();

    @Override
    public void put(String key, String document) {
        documents.put(key, document);
    }

    /// What was kept, by key.
    Map<String, String> documents() {
        return Map.copyOf(documents);
    }

    List<String> keys() {
        return List.copyOf(documents.keySet());
    }
}
