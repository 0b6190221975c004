package com.pantherkolab.local;

import com.pantherkolab.api.store.Change;
import com.pantherkolab.api.store.ChangeWriter;
import com.pantherkolab.api.store.ChangeWriter.Written;
import com.pantherkolab.api.store.Profile;
import com.pantherkolab.common.UserId;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/// The local issuer's pages: a token for anybody who asks, and what is needed to verify it.
@RestController
class IssuerEndpoints {
    private static final int DEFAULT_SECONDS = 3600;
    private static final int MAX_SECONDS = 86_400;

    private final LocalIssuer issuer;
    private final ChangeWriter writer;

    IssuerEndpoints(LocalIssuer issuer, ChangeWriter writer) {
        this.issuer = issuer;
        this.writer = writer;
    }

    /// The body of `POST /local/token`.
    record TokenRequest(
            @Nullable String userId,
            @Nullable String firstName,
            @Nullable String lastName,
            @Nullable Integer expiresInSeconds) {}

    @PostMapping("/local/token")
    LocalIssuer.Tokens token(HttpServletRequest http) throws IOException {
        TokenRequest request = LocalBody.read(http, TokenRequest.class);
        UserId user = user(request.userId());
        int seconds = request.expiresInSeconds() == null ? DEFAULT_SECONDS : request.expiresInSeconds();
        LocalBody.require(
                seconds >= 1 && seconds <= MAX_SECONDS, "expiresInSeconds", "must be from 1 to " + MAX_SECONDS);

        saveProfile(user, request.firstName(), request.lastName());
        return issuer.tokens(user, request.firstName(), request.lastName(), Duration.ofSeconds(seconds));
    }

    @GetMapping("/.well-known/jwks.json")
    Map<String, Object> jwks() {
        return issuer.publicKeys();
    }

    @GetMapping("/.well-known/openid-configuration")
    Map<String, Object> openidConfiguration() {
        return Map.of(
                "issuer", issuer.issuer(),
                "jwks_uri", issuer.issuer() + "/.well-known/jwks.json",
                "id_token_signing_alg_values_supported", List.of("RS256"),
                "subject_types_supported", List.of("public"));
    }

    private static UserId user(@Nullable String text) {
        if (text == null || !UserId.isValid(text)) {
            throw new LocalBody.Bad("userId", "must be 1 to 50 letters, digits and inner hyphens");
        }
        return new UserId(text);
    }

    private void saveProfile(UserId user, @Nullable String firstName, @Nullable String lastName) {
        if (firstName == null && lastName == null) {
            return;
        }
        LocalBody.require(isName(firstName), "firstName", "must be 1 to 100 characters, or both names absent");
        LocalBody.require(isName(lastName), "lastName", "must be 1 to 100 characters, or both names absent");
        if (firstName != null && lastName != null) {
            Written written = writer.write(new Change.ProfileSaved(new Profile(user, firstName, lastName)));
            if (!(written instanceof Written.Committed)) {
                throw new IllegalStateException("the profile was not saved: " + written);
            }
        }
    }

    private static boolean isName(@Nullable String name) {
        return name != null && !name.isBlank() && name.length() <= 100;
    }
}
