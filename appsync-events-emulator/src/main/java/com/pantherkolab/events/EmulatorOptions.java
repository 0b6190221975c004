package com.pantherkolab.events;

import com.pantherkolab.events.auth.UserPool;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;

/// What the emulator needs to know besides the template. Start from [#DEFAULTS] and change what
/// matters.
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
  public static final EmulatorOptions DEFAULTS =
      new EmulatorOptions(
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
    return new EmulatorOptions(
        port,
        userPool,
        region,
        accessKeys,
        apiKeys,
        clock,
        ids,
        keepAlive,
        connectionLifetime,
        sendBuffer);
  }

  /// Accepts the tokens of this user pool.
  public EmulatorOptions withUserPool(UserPool userPool) {
    return new EmulatorOptions(
        port,
        Optional.of(userPool),
        region,
        accessKeys,
        apiKeys,
        clock,
        ids,
        keepAlive,
        connectionLifetime,
        sendBuffer);
  }

  /// Accepts signatures that are scoped to this region.
  public EmulatorOptions withRegion(String region) {
    return new EmulatorOptions(
        port,
        userPool,
        region,
        accessKeys,
        apiKeys,
        clock,
        ids,
        keepAlive,
        connectionLifetime,
        sendBuffer);
  }

  /// Accepts this access key as well.
  public EmulatorOptions withAccessKey(String accessKey, String secretKey) {
    var keys = new HashMap<>(accessKeys);
    keys.put(accessKey, secretKey);
    return new EmulatorOptions(
        port,
        userPool,
        region,
        keys,
        apiKeys,
        clock,
        ids,
        keepAlive,
        connectionLifetime,
        sendBuffer);
  }

  /// Accepts these API keys.
  public EmulatorOptions withApiKeys(String... apiKeys) {
    return new EmulatorOptions(
        port,
        userPool,
        region,
        accessKeys,
        Set.of(apiKeys),
        clock,
        ids,
        keepAlive,
        connectionLifetime,
        sendBuffer);
  }

  /// Tells the time by this clock. Keep-alives and lifetimes run on real time all the same.
  public EmulatorOptions withClock(Clock clock) {
    return new EmulatorOptions(
        port,
        userPool,
        region,
        accessKeys,
        apiKeys,
        clock,
        ids,
        keepAlive,
        connectionLifetime,
        sendBuffer);
  }

  /// Takes identifiers from here.
  public EmulatorOptions withIds(Supplier<UUID> ids) {
    return new EmulatorOptions(
        port,
        userPool,
        region,
        accessKeys,
        apiKeys,
        clock,
        ids,
        keepAlive,
        connectionLifetime,
        sendBuffer);
  }

  /// Sends `ka` this often.
  public EmulatorOptions withKeepAlive(Duration keepAlive) {
    return new EmulatorOptions(
        port,
        userPool,
        region,
        accessKeys,
        apiKeys,
        clock,
        ids,
        keepAlive,
        connectionLifetime,
        sendBuffer);
  }

  /// Closes connections at this age.
  public EmulatorOptions withConnectionLifetime(Duration connectionLifetime) {
    return new EmulatorOptions(
        port,
        userPool,
        region,
        accessKeys,
        apiKeys,
        clock,
        ids,
        keepAlive,
        connectionLifetime,
        sendBuffer);
  }

  /// Lets a client fall this many characters behind.
  public EmulatorOptions withSendBuffer(int sendBuffer) {
    return new EmulatorOptions(
        port,
        userPool,
        region,
        accessKeys,
        apiKeys,
        clock,
        ids,
        keepAlive,
        connectionLifetime,
        sendBuffer);
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
}
