package com.pantherkolab.events.auth;

/// The answer of an [Authenticator].
public sealed interface Authentication {

    /// The caller is who they say.
    record Authenticated(Identity identity) implements Authentication {}

    /// The caller proved nothing.
    ///
    /// @param reason what kind of refusal it is
    /// @param message what the caller may be told; it never repeats a credential
    record Refused(Reason reason, String message) implements Authentication {}

    /// Why there is no identity.
    enum Reason {
        /// No credentials, or some that are not valid.
        UNAUTHORIZED,
        /// A signature that cannot be valid for this request: other bytes, another time, another scope.
        BAD_SIGNATURE,
        /// The issuer's keys cannot be read, so a token can be neither accepted nor refused.
        UNAVAILABLE
    }

    /// No credentials, or some that are not valid.
    static Refused unauthorized(String message) {
        return new Refused(Reason.UNAUTHORIZED, message);
    }

    /// A signature that does not belong to this request.
    static Refused badSignature(String message) {
        return new Refused(Reason.BAD_SIGNATURE, message);
    }
}
