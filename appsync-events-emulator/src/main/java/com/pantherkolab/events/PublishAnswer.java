package com.pantherkolab.events;

import java.util.List;

/// What became of each event of a request. An accepted request may hold failures: whoever publishes must look.
record PublishAnswer(List<Successful> successful, List<Failed> failed) {

    record Successful(String identifier, int index) {}

    record Failed(String identifier, int index, String code, String message) {}
}
