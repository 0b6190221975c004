package com.pantherkolab.api.law;

import static org.assertj.core.api.Assertions.assertThat;

import com.pantherkolab.api.ApiSystem;
import com.pantherkolab.api.store.ChangeWriter.Written;
import com.pantherkolab.api.store.MemoryStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/// That a handler's test fails where its handler commits what the law contradicts, though it asserts nothing of it.
class LawInHandlersTestsTest {

    /// A handler's test as they all are. It is run by the test around it; run by itself it plants no mistake.
    static class Planted {
        private static PlantedCommit commit = PlantedCommit.WHAT_IS_RIGHT;

        private final MemoryStore store = new MemoryStore();

        @RegisterExtension
        private final ApiSystem system = new ApiSystem(store);

        @Test
        void commits() {
            String conversation = system.group("alice", "bob");

            assertThat(store.write(commit.in(conversation))).isInstanceOf(Written.Committed.class);
        }
    }

    @Test
    void whatIsRightPasses() {
        assertThat(run(PlantedCommit.WHAT_IS_RIGHT).getTestsSucceededCount()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "WHAT_IS_RIGHT")
    void aMistakeThatIsCommittedIsFound(PlantedCommit mistake) {
        assertThat(run(mistake).getFailures()).singleElement().satisfies(failure -> assertThat(failure.getException())
                .isInstanceOf(AssertionError.class)
                .hasStackTraceContaining(Law.class.getName() + ".holds"));
    }

    private static TestExecutionSummary run(PlantedCommit commit) {
        SummaryGeneratingListener listener = new SummaryGeneratingListener();
        Planted.commit = commit;
        try {
            LauncherFactory.create()
                    .execute(
                            LauncherDiscoveryRequestBuilder.request()
                                    .selectors(DiscoverySelectors.selectClass(Planted.class))
                                    .build(),
                            listener);
        } finally {
            Planted.commit = PlantedCommit.WHAT_IS_RIGHT;
        }
        return listener.getSummary();
    }
}
