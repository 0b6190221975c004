/// The mutation functions and queries: decide, then write. Nothing here publishes.
///
/// A request takes one way through the packages. [com.pantherkolab.api.http] reads the gateway's event and finds
/// the route; `messages`, `conversations` and `users` hold the commands and the decisions, which are pure;
/// [com.pantherkolab.api.command] runs read, decide, write; [com.pantherkolab.api.store] is the only place that
/// knows DynamoDB. This package wires them together, one bean for each Lambda function of `template.yaml`.
@NullMarked
package com.pantherkolab.api;

import org.jspecify.annotations.NullMarked;
