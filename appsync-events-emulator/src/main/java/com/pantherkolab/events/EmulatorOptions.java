package com.pantherkolab.events;

import com.pantherkolab.events.auth.UserPool;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// What the emulator needs to know besides the template. Start from [#DEFAULTS] and change what matters.
///
/// @param port the port on the loopback interface; 0 takes a free one
/// @param userPool whose tokens are accepted; none are when empty
/// @param region the region that signatures are scoped to
/// @param accessKeys the access keys that may sign, secret by key id
/// @param apiKeys the API keys that are accepted, where the template allows API keys
/// @param clock decides which signatures and tokens are current
/// @param ids the identifiers of published events and requests
/// @param keepAlive the time between two `ka` frames
/// @param connectionLifetime after which a connection is closed, as AWS does
/// @param sendBuffer characters that may wait for one client to read them; one that falls further
///     behind is dropped
public record EmulatorOptions(
        int port,
        Optional<UserPool> userPool,
        String region,
        Map<String, String> accessKeys,
        Set<String> apiKeys,
        Clock clock,
        Supplier<UUID> ids,
        Duration keepAlive,
        Duration connectionLifetime,
        int sendBuffer) {

    /// A free port, `us-east-1`, AWS's intervals, and nobody is let in yet.
    public static final EmulatorOptions DEFAULTS = new EmulatorOptions(
            0,
            Optional.empty(),
            "us-east-1",
            Map.of(),
            Set.of(),
            Clock.systemUTC(),
            UUID::randomUUID,
            Duration.ofSeconds(60),
            Duration.ofHours(24),
            4 * 1024 * 1024);

    /// Copies the collections.
    ///
    /// @throws IllegalArgumentException naming the option that is out of range
    public EmulatorOptions {
        accessKeys = Map.copyOf(accessKeys);
        apiKeys = Set.copyOf(apiKeys);
        require("port", 0 <= port && port <= 65_535, "must be between 0 and 65535");
        require("region", !region.isBlank(), "must not be blank");
        require("keepAlive", keepAlive.isPositive(), "must be positive");
        require("connectionLifetime", connectionLifetime.isPositive(), "must be positive");
        require("sendBuffer", sendBuffer > 0, "must be positive");
    }

    /// Listens on this port of the loopback interface.
    public EmulatorOptions withPort(int port) {
        return with(draft -> draft.port = port);
    }

    /// Accepts the tokens of this user pool.
    public EmulatorOptions withUserPool(UserPool userPool) {
        return with(draft -> draft.userPool = Optional.of(userPool));
    }

    /// Accepts signatures that are scoped to this region.
    public EmulatorOptions withRegion(String region) {
        return with(draft -> draft.region = region);
    }

    /// Accepts this access key as well.
    public EmulatorOptions withAccessKey(String accessKey, String secretKey) {
        var keys = new HashMap<>(accessKeys);
        keys.put(accessKey, secretKey);
        return with(draft -> draft.accessKeys = keys);
    }

    /// Accepts these API keys.
    public EmulatorOptions withApiKeys(String... apiKeys) {
        return with(draft -> draft.apiKeys = Set.of(apiKeys));
    }

    /// Tells the time by this clock. Keep-alives and lifetimes run on real time all the same.
    public EmulatorOptions withClock(Clock clock) {
        return with(draft -> draft.clock = clock);
    }

    /// Takes identifiers from here.
    public EmulatorOptions withIds(Supplier<UUID> ids) {
        return with(draft -> draft.ids = ids);
    }

    /// Sends `ka` this often.
    public EmulatorOptions withKeepAlive(Duration keepAlive) {
        return with(draft -> draft.keepAlive = keepAlive);
    }

    /// Closes connections at this age.
    public EmulatorOptions withConnectionLifetime(Duration connectionLifetime) {
        return with(draft -> draft.connectionLifetime = connectionLifetime);
    }

    /// Lets a client fall this many characters behind.
    public EmulatorOptions withSendBuffer(int sendBuffer) {
        return with(draft -> draft.sendBuffer = sendBuffer);
    }

    /// Names no secret.
    @Override
    public String toString() {
        return "EmulatorOptions[port=" + port + ", region=" + region + "]";
    }

    private static void require(String option, boolean holds, String rule) {
        if (!holds) {
            throw new IllegalArgumentException(option + " " + rule);
        }
    }

    private EmulatorOptions with(Consumer<Draft> change) {
        var draft = new Draft(this);
        change.accept(draft);
        return draft.options();
    }

    /// A copy that can be changed, for as long as one change takes.
    private static final class Draft {

        private int port;
        private Optional<UserPool> userPool;
        private String region;
        private Map<String, String> accessKeys;
        private Set<String> apiKeys;
        private Clock clock;
        private Supplier<UUID> ids;
        private Duration keepAlive;
        private Duration connectionLifetime;
        private int sendBuffer;

        Draft(EmulatorOptions options) {
            port = options.port;
            userPool = options.userPool;
            region = options.region;
            accessKeys = options.accessKeys;
            apiKeys = options.apiKeys;
            clock = options.clock;
            ids = options.ids;
            keepAlive = options.keepAlive;
            connectionLifetime = options.connectionLifetime;
            sendBuffer = options.sendBuffer;
        }

        EmulatorOptions options() {
            return new EmulatorOptions(
                    port, userPool, region, accessKeys, apiKeys, clock, ids, keepAlive, connectionLifetime, sendBuffer);
        }
    }
}
