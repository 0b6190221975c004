/// AppSync Events on one machine, for tests and local run.
///
/// The story of a publication:
///
/// 1. [AppSyncEventsEmulator][com.pantherkolab.events.AppSyncEventsEmulator] is put together from an `EventApi`
///    (what the template says) and [EmulatorOptions][com.pantherkolab.events.EmulatorOptions] (what it cannot say).
/// 2. `EventsHandler` takes a `POST /event`, or `Connection` a frame of a WebSocket. From here on they go the same
///    way.
/// 3. `Gate` asks the authenticator who it is, and whether that kind of credentials may publish in this namespace.
///    A refusal is a value, `Refusal`, and says for both ways in what the caller is told.
/// 4. `Publishing` sorts out what is too large, asks `onPublish` and hands over to `Subscriptions`.
/// 5. `Subscriptions` finds who listens; each `Connection` writes one `data` frame per event, with the publisher's
///    exact text, and drops a client that does not keep up.
///
/// On the way [FaultPlan][com.pantherkolab.events.FaultPlan] may make things go wrong, on purpose.
///
/// Subscribing is shorter: `Connection` counts, `Realtime` asks `Gate` and `onSubscribe`, and the subscription is
/// in force before its success is sent.
///
/// The README of this module lists what differs from AWS, and what nobody here could verify.
@NullMarked
package com.pantherkolab.events;

import org.jspecify.annotations.NullMarked;
