package com.pantherkolab.publisher;

/// What a replay is to do, checked.
///
/// @param from where it takes events from
/// @param filter which of them
/// @param dryRun whether it only says what it would publish
/// @param rate how many deliveries a second
record ReplayOptions(ReplayFrom from, ReplayFilter filter, boolean dryRun, int rate) {}
