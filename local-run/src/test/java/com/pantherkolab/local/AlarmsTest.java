package com.pantherkolab.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.pantherkolab.common.metrics.Metric;
import com.pantherkolab.events.template.CloudFormationTemplate;
import com.pantherkolab.events.template.CloudFormationTemplate.Resource;
import com.pantherkolab.events.template.Section;
import com.pantherkolab.local.Alarm.Named;
import com.pantherkolab.local.Alarm.Stat;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The alarms of `template.yaml`: each looks at something that is there and is measured, tells somebody, and has a
/// page in the runbook. That they go off is `DrillTest`'s; that our metrics are told, `EmittedMetricsTest`'s.
class AlarmsTest {
    private final Repository repository = new Repository();
    private CloudFormationTemplate template = CloudFormationTemplate.parse(text());
    private List<Alarm> alarms = Alarm.of(template);

    /// These checks, to be made of another template.
    static AlarmsTest of(String yaml) {
        AlarmsTest test = new AlarmsTest();
        test.template = CloudFormationTemplate.parse(yaml);
        test.alarms = Alarm.of(test.template);
        return test;
    }

    @Test
    void everyAlarmHasItsPageInTheRunbookAndNamesIt() {
        List<String> pages = repository
                .text(Path.of("docs/runbook.md"))
                .lines()
                .filter(line -> line.startsWith("## "))
                .map(line -> line.substring(3))
                .toList();

        assertThat(alarms).hasSizeGreaterThanOrEqualTo(14).allSatisfy(alarm -> assertThat(
                        alarm.properties().requiredText("AlarmDescription"))
                .endsWith(". See docs/runbook.md#" + alarm.name()));
        assertThat(alarms)
                .extracting(Alarm::name)
                .doesNotHaveDuplicates()
                .as("the pages of the runbook, and the order of them")
                .containsExactlyElementsOf(pages);
    }

    @Test
    void everyAlarmTellsTheTopicWhenItGoesOffAndWhenItIsOver() {
        Map<String, Object> topic = Map.of(
                "Fn::If",
                List.of("SomebodyIsTold", List.of(Map.of("Ref", "AlarmTopicArn")), Map.of("Ref", "AWS::NoValue")));

        assertThat(alarms).allSatisfy(alarm -> {
            assertThat(alarm.properties().values()).as(alarm.name()).containsEntry("AlarmActions", topic);
            assertThat(alarm.properties().values()).as(alarm.name()).containsEntry("OKActions", topic);
        });
        Pattern arn = Pattern.compile(template.root()
                .section("Parameters")
                .orElseThrow()
                .section("AlarmTopicArn")
                .orElseThrow()
                .requiredText("AllowedPattern"));
        assertThat(List.of("", "arn:aws:sns:eu-central-1:123456789012:on-call")).allMatch(arn.asMatchPredicate());
        assertThat(List.of("on-call", "arn:aws:sqs:eu-central-1:123456789012:on-call"))
                .noneMatch(arn.asMatchPredicate());
    }

    @Test
    void whatIsNotMeasuredSetsOffNoAlarm() {
        assertThat(alarms).allSatisfy(alarm -> assertThat(alarm.properties().requiredText("TreatMissingData"))
                .as(alarm.name())
                .isEqualTo("notBreaching"));
    }

    @Test
    void everyExpressionNamesItsMetricsAndNoOtherAllOfOnePeriod() {
        assertThat(alarms).allSatisfy(alarm -> {
            assertThat(MetricMath.ids(alarm.expression()))
                    .as(alarm.name())
                    .isEqualTo(alarm.metrics().keySet());
            assertThat(alarm.metrics().values().stream().map(Stat::period).distinct())
                    .as(alarm.name())
                    .singleElement()
                    .isIn(60, 300);
            // CloudWatch takes no more for an alarm.
            assertThat(alarm.metrics()).hasSizeLessThanOrEqualTo(9);
        });
    }

    @Test
    void everyMetricIsMeasuredOfSomethingThatIsThere() {
        KnownMetrics known = new KnownMetrics(template);

        assertThat(named()).hasSizeGreaterThan(30).allSatisfy(known::require);
        // A count is added up; a level and a wait have a highest value.
        assertThat(alarms).flatExtracting(alarm -> alarm.metrics().values()).allSatisfy(stat -> assertThat(
                        stat.statistic())
                .as(stat.toString())
                .isEqualTo(
                        Set.of("IteratorAge", "ApproximateNumberOfMessagesVisible")
                                        .contains(stat.metric().name())
                                ? "Maximum"
                                : "Sum"));
    }

    @Test
    void whatCameInIsSetAgainstEverythingThatMayBecomeOfIt() {
        Alarm alarm = alarm("deliveries-unaccounted");
        Map<String, Double> balanced = Map.of(
                Metric.PUBLISHER_IN.text(), 63.0,
                Metric.PUBLISHER_PUBLISHED.text(), 1.0,
                Metric.PUBLISHER_SKIPPED.text(), 2.0,
                Metric.PUBLISHER_EXPIRED.text(), 4.0,
                Metric.PUBLISHER_DROPPED.text(), 8.0,
                Metric.PUBLISHER_PARKED.text(), 16.0,
                Metric.PUBLISHER_RETURNED.text(), 32.0);

        assertThat(alarm.breaches(stat -> balanced.getOrDefault(stat.metric().name(), -1.0)))
                .isFalse();
        for (String off : balanced.keySet()) {
            assertThat(alarm.breaches(
                            stat -> balanced.getOrDefault(stat.metric().name(), -1.0)
                                    + (stat.metric().name().equals(off) ? 1 : 0)))
                    .as(off)
                    .isTrue();
        }
    }

    @Test
    void everyStreamAndWhatItsMappingGivesUpIsWatched() {
        for (Resource function : functionsFedBy("DynamoDB")) {
            assertThat(watched("IteratorAge")).contains(function.logicalId());
            assertThat(watched("DestinationDeliveryFailures")).contains(function.logicalId());
            String mapping = function.logicalId() + eventNames(function).getFirst();
            assertThat(watched("OnFailureDestinationDeliveredEventCount")).contains(mapping);
            assertThat(watched("DroppedEventCount")).contains(mapping);
        }
        assertThat(functionsFedBy("DynamoDB")).hasSize(2);
    }

    @Test
    void everyQueueThatNoFunctionEmptiesIsWatched() {
        Set<String> emptied = functionsFedBy("SQS").stream()
                .flatMap(function -> Deployment.events(function, "SQS"))
                .map(event -> event.section("Properties")
                        .orElseThrow()
                        .reference("Queue")
                        .orElseThrow())
                .collect(Collectors.toSet());
        List<String> waiting = template.resources("AWS::SQS::Queue").stream()
                .map(Resource::logicalId)
                .filter(Predicate.not(emptied::contains))
                .toList();

        assertThat(waiting).hasSize(3);
        assertThat(watched("ApproximateNumberOfMessagesVisible")).containsExactlyInAnyOrderElementsOf(waiting);
    }

    @Test
    void everyFunctionAndEveryTableIsWatchedForThrottlingExceptTheReplayOfWhichThereIsOne() {
        assertThat(watched("Throttles"))
                .containsExactlyInAnyOrderElementsOf(template.resources(Deployment.FUNCTION).stream()
                        .map(Resource::logicalId)
                        .filter(function -> !function.equals("ReplayEvents"))
                        .toList());
        assertThat(watched("WriteThrottleEvents"))
                .containsExactlyInAnyOrderElementsOf(template.resources("AWS::DynamoDB::Table").stream()
                        .map(Resource::logicalId)
                        .toList());
    }

    /// A call that rings or connects for so long is over before anybody hears of it.
    @Test
    void aStreamThatIsBehindIsToldBeforeItGivesUp() {
        assertThat(alarm("publisher-behind").threshold())
                .isLessThan(mapping("streamPublisher")
                                .number("MaximumRecordAgeInSeconds")
                                .orElseThrow()
                        * 1_000
                        / 10);
        assertThat(alarm("calls-behind").threshold())
                .isLessThan(mapping("callWorkflow")
                                .number("MaximumRecordAgeInSeconds")
                                .orElseThrow()
                        * 1_000
                        / 10);
    }

    @Test
    void theCostsAreOfAsManyAlarmsAndMetricsAsThereAre() {
        int looked = alarms.stream().mapToInt(alarm -> alarm.metrics().size()).sum();

        assertThat(repository.text(Path.of("docs/deploy.md")))
                .contains("| %d alarms that look at %d metrics | %d × 0.10 | %s |"
                        .formatted(alarms.size(), looked, looked, "%.2f".formatted(looked * 0.1)));
    }

    // ------------------------------------------------------------------------------------------ reading

    private static String text() {
        try {
            return Files.readString(Deployment.find());
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private Alarm alarm(String name) {
        return alarms.stream()
                .filter(alarm -> alarm.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private Set<Named> named() {
        return alarms.stream()
                .flatMap(alarm -> alarm.metrics().values().stream())
                .map(Stat::metric)
                .collect(Collectors.toSet());
    }

    /// Of what a metric is looked at.
    private Set<String> watched(String metric) {
        return named().stream()
                .filter(named -> named.name().equals(metric))
                .map(Named::resource)
                .collect(Collectors.toCollection(HashSet::new));
    }

    private List<Resource> functionsFedBy(String type) {
        return template.resources(Deployment.FUNCTION).stream()
                .filter(function -> Deployment.events(function, type).findAny().isPresent())
                .toList();
    }

    private static List<String> eventNames(Resource function) {
        return List.copyOf(
                function.properties().section("Events").orElseThrow().values().keySet());
    }

    private Section mapping(String function) {
        return template.resources(Deployment.FUNCTION).stream()
                .filter(resource -> Deployment.bean(resource).equals(function))
                .flatMap(resource -> Deployment.events(resource, "DynamoDB"))
                .flatMap(event -> event.section("Properties").stream())
                .findFirst()
                .orElseThrow();
    }

    static Stream<Named> ours(CloudFormationTemplate template) {
        return Alarm.of(template).stream()
                .flatMap(alarm -> alarm.metrics().values().stream())
                .map(Stat::metric)
                .filter(named -> named.namespace().equals(Metric.NAMESPACE));
    }
}
