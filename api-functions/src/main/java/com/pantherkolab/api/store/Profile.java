package com.pantherkolab.api.store;

import com.pantherkolab.common.UserId;

/// A user's own profile; nobody else can read it, but a call carries the name.
///
/// @param userId whose it is
/// @param firstName at most 100 characters
/// @param lastName at most 100 characters
public record Profile(UserId userId, String firstName, String lastName) {}
