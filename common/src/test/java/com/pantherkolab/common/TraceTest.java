package com.pantherkolab.common;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TraceTest {
    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String PARENT = "00f067aa0ba902b7";

    private static Supplier<UUID> ids(String... ids) {
        Iterator<String> next = List.of(ids).iterator();
        return () -> UUID.fromString(next.next());
    }

    @Test
    void aTraceparentReadsBackAsItCame() {
        String traceparent = "00-" + TRACE + "-" + PARENT + "-01";

        Trace trace = Objects.requireNonNull(Trace.read(traceparent));

        assertThat(trace).isEqualTo(new Trace(TRACE, PARENT, true));
        assertThat(trace.traceparent()).isEqualTo(traceparent);
    }

    @ParameterizedTest
    @ValueSource(strings = {"00-%s-%s-00", "00-%s-%s-fe"})
    void whatIsNotRecordedStaysSo(String traceparent) {
        assertThat(Trace.read(traceparent.formatted(TRACE, PARENT))).isEqualTo(new Trace(TRACE, PARENT, false));
    }

    @ParameterizedTest
    @ValueSource(strings = {"01-%s-%s-01", "cc-%s-%s-01-what-the-future-brings"})
    void aLaterVersionIsReadAsFarAsItIsKnownAndPassedOnAsThisOne(String traceparent) {
        Trace trace = Objects.requireNonNull(Trace.read(traceparent.formatted(TRACE, PARENT)));

        assertThat(trace.traceparent()).isEqualTo("00-" + TRACE + "-" + PARENT + "-01");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "yes",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-1",
                "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
                "00-4bf92f3577b34da6a3ce929d0e0e473-00f067aa0ba902b7-01",
                "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more",
                "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
                "01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01more",
                " 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01\n",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01,00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
            })
    void whatIsNoTraceparentIsNone(String traceparent) {
        assertThat(Trace.read(traceparent)).isNull();
        assertThat(Trace.read(null)).isNull();
    }

    @Test
    void theTraceOfAwsIsConverted() {
        assertThat(Trace.readXray("Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1", ids()))
                .isEqualTo(new Trace("5759e988bd862e3fe1be46a994272793", "53995c3f42cd8ad8", true));
        assertThat(Trace.readXray(
                        "Self=1-67891234-12456789abcdef012345678a; Root=1-5759e988-bd862e3fe1be46a994272793;"
                                + "Parent=53995c3f42cd8ad8;Sampled=0;Lineage=a87bd80c:1",
                        ids()))
                .isEqualTo(new Trace("5759e988bd862e3fe1be46a994272793", "53995c3f42cd8ad8", false));
    }

    @Test
    void aTraceOfAwsWithoutAParentIsGivenOne() {
        assertThat(Trace.readXray(
                        "Root=1-5759e988-bd862e3fe1be46a994272793", ids("11111111-2222-4333-8444-555555555555")))
                .isEqualTo(new Trace("5759e988bd862e3fe1be46a994272793", "8444555555555555", false));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Parent=53995c3f42cd8ad8;Sampled=1",
                "Root=5759e988bd862e3fe1be46a994272793",
                "Root=1-5759e988-bd862e3fe1be46a99427279",
                "Root=1-5759e988-bd862e3fe1be46a9942727931",
                "Root=1-00000000-000000000000000000000000;Parent=53995c3f42cd8ad8",
                "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=0000000000000000"
            })
    void whatIsNoTraceOfAwsIsNone(String header) {
        Supplier<UUID> ids = ids("11111111-2222-4333-8444-555555555555");

        assertThat(Trace.readXray(header, ids)).isNull();
        assertThat(Trace.readXray(null, ids)).isNull();
    }

    @Test
    void aTraceThatBeginsHereHasIdsThatAreDrawn() {
        Trace begun = Trace.begin(ids("01234567-89ab-4def-8123-456789abcdef", "11111111-2222-4333-8444-555555555555"));

        assertThat(begun.traceparent()).isEqualTo("00-0123456789ab4def8123456789abcdef-8444555555555555-00");
        assertThat(Trace.read(begun.traceparent())).isEqualTo(begun);
    }

    @Test
    void noTraceCanBeMadeOfIdsThatAreNone() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Trace("0".repeat(32), PARENT, true));
        assertThatIllegalArgumentException().isThrownBy(() -> new Trace(TRACE, "00f067aa0ba902b", true));
    }
}
