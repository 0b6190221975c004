package com.pantherkolab.events.auth;

import com.pantherkolab.events.template.AuthMode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Who is calling, proven.
///
/// Each becomes `ctx.identity` of a handler in the shape of AppSync's context reference, as far as it means
/// something on one machine.
public sealed interface Identity {

    /// How it was proven.
    AuthMode mode();

    /// The members of `ctx.identity`; empty means `null` there.
    Map<String, Object> members();

    /// A user of the pool.
    ///
    /// @param claims the verified claims of the token, `sub` among them
    record User(Map<String, Object> claims) implements Identity {

        @Override
        public AuthMode mode() {
            return AuthMode.AMAZON_COGNITO_USER_POOLS;
        }

        @Override
        public Map<String, Object> members() {
            var members = new LinkedHashMap<String, Object>();
            members.put("sub", claims.getOrDefault("sub", ""));
            members.put("issuer", claims.getOrDefault("iss", ""));
            members.put(
                    "username",
                    claims.getOrDefault(
                            "cognito:username", claims.getOrDefault("username", claims.getOrDefault("sub", ""))));
            members.put("groups", claims.getOrDefault("cognito:groups", List.of()));
            members.put("claims", claims);
            members.put("defaultAuthStrategy", "ALLOW");
            return members;
        }
    }

    /// Somebody who signed with an access key.
    ///
    /// @param accessKey the key's id, never its secret
    record Signer(String accessKey) implements Identity {

        @Override
        public AuthMode mode() {
            return AuthMode.AWS_IAM;
        }

        @Override
        public Map<String, Object> members() {
            return Map.of("username", accessKey);
        }
    }

    /// Somebody who knows an API key; nobody in particular.
    record KeyHolder() implements Identity {

        @Override
        public AuthMode mode() {
            return AuthMode.API_KEY;
        }

        @Override
        public Map<String, Object> members() {
            return Map.of();
        }
    }
}
