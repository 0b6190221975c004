package com.pantherkolab.local;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/// What local run prints once it is up: where it is, and three lines to paste.
final class Welcome {
    private Welcome() {}

    /// @param api where the API is, such as `http://localhost:8080`
    /// @param events where events are published to, such as `http://localhost:8081/event`
    /// @param dataDir what is kept, if anything is
    static String text(URI api, URI events, @Nullable String dataDir) {
        return """

               PantherKolab is up; Ctrl-C stops it, and %4$s.

                 API      %1$s/api/**
                 events   %2$s   (Amplify's endpoint: '%3$s')
                 token    POST %1$s/local/token
                 status   %1$s/local/status

               Three lines to paste into another terminal, in this folder: Bob listens, Alice signs in, and writes to him.

               java examples/Listen.java bob %1$s %2$s & sleep 4
               TOKEN=$(curl -s %1$s/local/token -d '{"userId":"alice"}' | sed 's/.*"idToken":"\\([^"]*\\)".*/\\1/')
               ID=$(curl -s %1$s/api/conversations -H "Authorization: Bearer $TOKEN" -d '{"type":"DIRECT","participantIds":["bob"]}' | sed 's/.*"conversationId":"\\([^"]*\\)".*/\\1/') && curl -s %1$s/api/messages/send -H "Authorization: Bearer $TOKEN" -d '{"conversationId":"'$ID'","content":"Hello, Bob"}'
               """.formatted(
                        api,
                        events,
                        events.toString().replaceFirst("^http:", "HTTP:"),
                        dataDir == null ? "nothing is kept" : dataDir + " keeps what was written");
    }
}
