package com.pantherkolab.local;

import com.pantherkolab.events.AppSyncEventsEmulator;
import com.pantherkolab.events.EmulatorOptions;
import com.pantherkolab.events.auth.UserPool;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.SmartLifecycle;

/// The parts that run by themselves: the AppSync Events emulator and the stream pump.
///
/// They start once the web server has its port, because the emulator asks it for the issuer's keys, and stop before
/// it.
final class LocalSystem implements SmartLifecycle, HealthIndicator {
    private final Deployment deployment;
    private final EmulatorOptions options;
    private final Supplier<UserPool> userPool;
    private final Supplier<StreamPump> pumps;
    private volatile @Nullable Running running;

    private record Running(AppSyncEventsEmulator emulator, StreamPump pump) {}

    /// @param userPool asked when the web server has its port
    /// @param pumps makes the pump; what it hands over reaches the emulator
    LocalSystem(
            Deployment deployment, EmulatorOptions options, Supplier<UserPool> userPool, Supplier<StreamPump> pumps) {
        this.deployment = deployment;
        this.options = options;
        this.userPool = userPool;
        this.pumps = pumps;
    }

    AppSyncEventsEmulator emulator() {
        return running().emulator();
    }

    StreamPump pump() {
        return running().pump();
    }

    @Override
    public void start() {
        AppSyncEventsEmulator emulator =
                AppSyncEventsEmulator.start(deployment.eventApi(), options.withUserPool(userPool.get()));
        StreamPump pump = pumps.get();
        running = new Running(emulator, pump);
        // Last, because what it publishes first asks for the emulator.
        pump.start();
    }

    @Override
    public void stop() {
        Running stopping = running;
        running = null;
        if (stopping != null) {
            stopping.pump().close();
            stopping.emulator().close();
        }
    }

    @Override
    public boolean isRunning() {
        return running != null;
    }

    @Override
    public Health health() {
        Running now = running;
        return now != null && now.pump().isRunning()
                ? Health.up().build()
                : Health.down().build();
    }

    private Running running() {
        return Objects.requireNonNull(running, "local run has not started");
    }
}
