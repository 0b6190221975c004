package com.pantherkolab.local;

import com.pantherkolab.events.AppSyncEventsEmulator;
import com.pantherkolab.events.EmulatorOptions;
import com.pantherkolab.events.PublishListener;
import com.pantherkolab.events.auth.UserPool;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.SmartLifecycle;

/// The parts that run by themselves: the AppSync Events emulator and the stream pumps.
///
/// They start once the web server has its port, because the emulator asks it for the issuer's keys, and stop before
/// it.
final class LocalSystem implements SmartLifecycle, HealthIndicator {
    private final Deployment deployment;
    private final EmulatorOptions options;
    private final Supplier<UserPool> userPool;
    private final Supplier<List<StreamPump>> pumps;
    private final PublishListener listener;
    private volatile @Nullable Running running;

    private record Running(AppSyncEventsEmulator emulator, List<StreamPump> pumps) {}

    /// @param userPool asked when the web server has its port
    /// @param pumps makes a pump for each stream mapping; what they hand over may reach the emulator
    /// @param listener is told of what the emulator accepts
    LocalSystem(
            Deployment deployment,
            EmulatorOptions options,
            Supplier<UserPool> userPool,
            Supplier<List<StreamPump>> pumps,
            PublishListener listener) {
        this.deployment = deployment;
        this.options = options;
        this.userPool = userPool;
        this.pumps = pumps;
        this.listener = listener;
    }

    AppSyncEventsEmulator emulator() {
        return running().emulator();
    }

    /// A pump for each stream mapping of the deployment.
    List<StreamPump> pumps() {
        return running().pumps();
    }

    @Override
    public void start() {
        AppSyncEventsEmulator emulator =
                AppSyncEventsEmulator.start(deployment.eventApi(), options.withUserPool(userPool.get()));
        emulator.onAccepted(listener);
        List<StreamPump> made = pumps.get();
        running = new Running(emulator, made);
        // Last, because what is published first asks for the emulator.
        made.forEach(StreamPump::start);
    }

    @Override
    public void stop() {
        Running stopping = running;
        running = null;
        if (stopping != null) {
            stopping.pumps().forEach(StreamPump::close);
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
        return now != null && now.pumps().stream().allMatch(StreamPump::isRunning)
                ? Health.up().build()
                : Health.down().build();
    }

    private Running running() {
        return Objects.requireNonNull(running, "local run has not started");
    }
}
