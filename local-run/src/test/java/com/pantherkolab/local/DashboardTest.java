package com.pantherkolab.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.pantherkolab.common.Json;
import com.pantherkolab.common.metrics.Metric;
import com.pantherkolab.events.template.CloudFormationTemplate;
import com.pantherkolab.events.template.CloudFormationTemplate.Resource;
import com.pantherkolab.local.Alarm.Named;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// The dashboard of `template.yaml`, whose body is a text to every tool: it is JSON once the names are put in, and
/// each of its curves is of something that is there and is measured.
class DashboardTest {
    private static final Pattern PLACE = Pattern.compile("\\$\\{([\\w:]+)(?:\\.(\\w+))?}");
    private static final int COLUMNS = 24;

    private CloudFormationTemplate template = CloudFormationTemplate.parse(text());
    private JsonNode body = body(template);

    /// These checks, to be made of another template.
    static DashboardTest of(String yaml) {
        DashboardTest test = new DashboardTest();
        test.template = CloudFormationTemplate.parse(yaml);
        test.body = body(test.template);
        return test;
    }

    @Test
    void theBodyIsJsonWithTheNamesInTheirPlaces() {
        String named = PLACE.matcher(sub(template)).replaceAll("arn:aws:cloudwatch:eu-central-1:1:alarm:x");

        assertThat(Json.mapper().readTree(named).path("widgets")).hasSameSizeAs(body.path("widgets"));
        assertThat(named).doesNotContain("${");
        assertThat(body.path("widgets").size()).isGreaterThan(10);
    }

    @Test
    void everyCurveIsOfAMetricThatIsMeasuredOfSomethingThatIsThere() {
        KnownMetrics known = new KnownMetrics(template);

        assertThat(curves(template)).hasSizeGreaterThan(50).allSatisfy(known::require);
    }

    @Test
    void everyMetricOfOursIsThere() {
        Set<String> shown = new HashSet<>(curves(template).stream()
                .filter(named -> named.namespace().equals(Metric.NAMESPACE))
                .map(Named::name)
                .toList());

        assertThat(Arrays.stream(Metric.values()).map(Metric::text)).allMatch(shown::contains);
    }

    @Test
    void everyAlarmIsThere() {
        List<String> shown = widgets("alarm")
                .flatMap(widget -> widget.at("/properties/alarms").values().stream())
                .map(JsonNode::stringValue)
                .toList();

        assertThat(shown)
                .containsExactlyElementsOf(template.resources(Alarm.TYPE).stream()
                        .map(Resource::logicalId)
                        .map("${%s.Arn}"::formatted)
                        .toList());
    }

    @Test
    void timesAreShownAsPercentiles() {
        for (JsonNode widget : widgets("metric").toList()) {
            for (JsonNode curve : widget.at("/properties/metrics")) {
                boolean time = Arrays.stream(Metric.values())
                                .filter(metric -> metric.kind() == Metric.Kind.TIME)
                                .anyMatch(metric ->
                                        metric.text().equals(curve.get(1).stringValue()))
                        || curve.get(1).stringValue().equals("Latency");
                assertThat(curve.path(4).path("stat").stringValue("").matches("p\\d\\d"))
                        .as(curve.toString())
                        .isEqualTo(time);
            }
        }
    }

    @Test
    void theWidgetsLieBesideEachOtherAndInTheRegionOfTheStack() {
        Set<List<Integer>> taken = new HashSet<>();
        for (JsonNode widget : body.path("widgets")) {
            int left = widget.path("x").intValue();
            int right = left + widget.path("width").intValue();
            int top = widget.path("y").intValue();
            assertThat(right).isLessThanOrEqualTo(COLUMNS);
            for (int row = top; row < top + widget.path("height").intValue(); row++) {
                int at = row;
                assertThat(IntStream.range(left, right).mapToObj(column -> List.of(at, column)))
                        .as(widget.at("/properties/title").stringValue())
                        .allMatch(taken::add);
            }
        }
        assertThat(widgets("metric"))
                .allMatch(
                        widget -> widget.at("/properties/region").stringValue().equals("${AWS::Region}"));
    }

    // ------------------------------------------------------------------------------------------ reading

    /// Every metric that a dashboard shows.
    static List<Named> curves(CloudFormationTemplate template) {
        return body(template).path("widgets").values().stream()
                .flatMap(widget -> widget.at("/properties/metrics").values().stream())
                .map(DashboardTest::named)
                .toList();
    }

    private static Named named(JsonNode curve) {
        Matcher place = PLACE.matcher(curve.path(3).stringValue(""));
        assertThat(place.matches()).as("no name of a resource: " + curve).isTrue();
        String attribute = place.group(2);
        return new Named(
                curve.path(0).stringValue(""),
                curve.path(1).stringValue(""),
                curve.path(2).stringValue(""),
                place.group(1),
                attribute == null ? "Ref" : attribute);
    }

    private Stream<JsonNode> widgets(String type) {
        return body.path("widgets").values().stream()
                .filter(widget -> widget.path("type").stringValue("").equals(type));
    }

    private static JsonNode body(CloudFormationTemplate template) {
        return Json.mapper().readTree(sub(template));
    }

    private static String sub(CloudFormationTemplate template) {
        List<Resource> dashboards = template.resources("AWS::CloudWatch::Dashboard");
        assertThat(dashboards).hasSize(1);
        return dashboards
                .getFirst()
                .properties()
                .section("DashboardBody")
                .orElseThrow()
                .requiredText("Fn::Sub");
    }

    private static String text() {
        try {
            return Files.readString(Deployment.find());
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
