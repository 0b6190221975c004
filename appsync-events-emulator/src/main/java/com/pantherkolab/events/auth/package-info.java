/// Who is calling.
///
/// [Authenticator][com.pantherkolab.events.auth.Authenticator] takes the headers that a caller presents, from an
/// HTTP request or from inside a WebSocket frame, and answers with an
/// [Identity][com.pantherkolab.events.auth.Identity] or with the reason why there is none. It really verifies: the
/// signature of a token against the issuer's keys, the signature of a request against the secret of its access key.
///
/// Whether that identity may do what it asks for is not decided here; the channel namespace does.
@NullMarked
package com.pantherkolab.events.auth;

import org.jspecify.annotations.NullMarked;
