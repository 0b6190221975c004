package com.pantherkolab.local;

import java.time.Clock;
import java.util.function.Supplier;

/// What all pumps share.
///
/// @param failures takes what is given up
/// @param positions keeps how far they came
/// @param bell tells them of writes
/// @param clock tells ages and deadlines
/// @param ids draws ids of invocations and documents
record Surroundings(
        FailureDestination failures, StreamPositions positions, CommitBell bell, Clock clock, Supplier<String> ids) {}
