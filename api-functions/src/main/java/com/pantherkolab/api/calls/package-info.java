/// Calls: the routes, the workflow that connects them, and their timers.
///
/// A route only moves the call in the table. The workflow reads the stream of that table and does what lies outside
/// it: it sets timers, makes the meeting at Chime, lets participants in, and removes what is of no use any more. It
/// acts on the call as it reads it, never on what the stream says of it, so that a repeat, a delay or a crash at
/// any point is a fresh look and nothing more.
@NullMarked
package com.pantherkolab.api.calls;

import org.jspecify.annotations.NullMarked;
