package com.pantherkolab.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.pantherkolab.api.calls.CallSettings;
import com.pantherkolab.api.calls.MeetingSettings;
import com.pantherkolab.api.calls.TimerSettings;
import com.pantherkolab.api.store.Tables;
import com.pantherkolab.local.Prose.Mention;
import com.pantherkolab.publisher.PublisherSettings;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.net.URI;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.RequestMappingInfoHandlerMapping;

/// What the documents name, exists.
///
/// Each check counts what it looked at, so that none passes because it found nothing to look at.
class DocsTest {
    private static final Pattern ROUTE = Pattern.compile("\\b((?:GET|PUT|POST|DELETE|PATCH) /[A-Za-z0-9{}/._*-]+)");
    private static final Pattern LOCAL_URL =
            Pattern.compile("(?i:http)://localhost:(808[01]/[A-Za-z0-9/._$-]+)", Pattern.MULTILINE);
    private static final Pattern PROPERTY = Pattern.compile(
            "(?:server|local|tables|publisher|meetings|timers)\\.[a-z][a-z0-9.-]*|[a-z]+-timeout-seconds");
    private static final Pattern FILE = Pattern.compile("\\.?[\\w@.-]+(?:/[\\w@.-]+)*/?");
    private static final Pattern EXTENSION =
            Pattern.compile(".*\\.(?:java|md|yaml|json|mjs|xml|properties|cmd|js|html)|(?:README|mvnw)(?:\\..*)?");
    private static final Pattern CLASS_IN_FOLDER = Pattern.compile("[a-z]+(?:/[a-z]+)*/[A-Z]\\w+");
    private static final Pattern RULE_TEST = Pattern.compile("\\w+(?:Test|Contract)\\.\\w+");
    private static final Pattern TYPE = Pattern.compile("[A-Z][A-Za-z0-9]*[a-z][A-Za-z0-9]*");
    private static final Pattern CONSTANT = Pattern.compile("[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+");

    /// What AppSync Events serves, and the emulator.
    private static final Set<String> EVENTS = Set.of("POST /event", "GET /event/realtime");

    /// What AWS calls things that no source of ours spells out.
    private static final Set<String> FOREIGN = Set.of("TransactWriteItems", "ClientRequestToken");

    private final Repository repository = new Repository();
    private final List<Prose> documents = repository.files(".md").stream()
            .map(file -> Prose.of(file, repository.text(file)))
            .toList();

    @Test
    void everyRelativeLinkLeadsToAFile() {
        hold(
                documents.stream()
                        .flatMap(Prose::links)
                        .filter(link -> !link.said().contains("://"))
                        .filter(link -> !link.said().startsWith("#")),
                25,
                link -> repository.has(beside(link.file(), link.said().replaceFirst("#.*", ""))));
    }

    @Test
    void everyPathExists() {
        Set<String> top = repository.files("").stream()
                .filter(file -> file.getNameCount() > 1)
                .map(file -> file.getName(0).toString())
                .collect(Collectors.toSet());
        hold(
                spans().filter(span -> FILE.matcher(span.said()).matches())
                        .filter(span -> !CLASS_IN_FOLDER.matcher(span.said()).matches())
                        .filter(span -> EXTENSION.matcher(span.said()).matches()
                                || (span.said().contains("/") && top.contains(firstSegment(span.said())))),
                25,
                span -> repository.has(Path.of(span.said())) || repository.has(beside(span.file(), span.said())));
    }

    @Test
    void everyClassNamedByItsFolderExists() {
        List<Path> sources = repository.files(".java");
        hold(spans().filter(span -> CLASS_IN_FOLDER.matcher(span.said()).matches()), 15, span -> sources.stream()
                .anyMatch(source -> source.endsWith(span.said() + ".java")));
    }

    @Test
    void everyTypeExistsHereOrIsImported() {
        Set<String> types = new HashSet<>(repository.all("\\b(?:class|record|interface|enum) (\\w+)", ".java"));
        types.addAll(repository.all("^import (?:static )?[\\w.]*\\.(\\w+);", ".java"));
        types.addAll(repository.all("\"(\\w+)\"", ".java"));
        types.addAll(repository.all("^\\s*(?:- )?\\{? ?([A-Z]\\w+):", ".yaml"));
        types.addAll(FOREIGN);
        hold(spans().filter(span -> TYPE.matcher(span.said()).matches()), 80, span -> types.contains(span.said()));
    }

    @Test
    void everyMemberOfOurTypesExists() {
        Set<String> members = repository.all("(\\w+)", ".java");
        hold(
                spans().filter(span -> span.said().matches("[A-Z]\\w+\\.[a-zA-Z_]+(?:\\(.*\\))?")),
                3,
                span -> members.contains(span.said().replaceFirst(".*?\\.(\\w+).*", "$1")));
    }

    @Test
    void everyConstantIsSpelledOutInASource() {
        Set<String> constants =
                repository.all("\\b([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)\\b", ".java", ".yaml", ".mjs", "mvnw");
        hold(
                spans().filter(span -> CONSTANT.matcher(span.said()).matches()),
                10,
                span -> constants.contains(span.said()));
    }

    @Test
    void everyRouteExists() throws IOException {
        Set<String> routes = routes();
        hold(
                documents.stream().flatMap(document -> document.mentions(ROUTE)),
                15,
                route -> routes.contains(route.said()));
    }

    @Test
    void everyPathOfTheApiAndEveryChannelExists() throws IOException {
        Set<String> paths = routes().stream()
                .map(route -> route.substring(route.indexOf(' ') + 1))
                .collect(Collectors.toSet());
        Set<String> namespaces =
                Deployment.read(Deployment.find()).eventApi().namespaces().keySet();
        hold(
                spans().filter(span -> span.said().startsWith("/")),
                5,
                span -> paths.contains(span.said())
                        || namespaces.contains(span.said().split("/", -1)[1])
                        || (span.said().endsWith("/**")
                                && paths.stream()
                                        .anyMatch(path ->
                                                path.startsWith(span.said().replace("**", "")))));
    }

    @Test
    void everyAddressOnThisMachineExists() throws IOException {
        Set<String> paths = routes().stream()
                // A shell has an id in its variable.
                .map(route -> "8080"
                        + route.substring(route.indexOf(' ') + 1)
                                .replaceAll("\\{\\w+}", Matcher.quoteReplacement("$ID")))
                .collect(Collectors.toCollection(HashSet::new));
        paths.addAll(Set.of("8081/event", "8081/event/realtime"));
        hold(
                documents.stream()
                        // The emulator's own page speaks of any issuer.
                        .filter(document -> !document.file().startsWith("appsync-events-emulator"))
                        .flatMap(document -> document.mentions(LOCAL_URL)),
                8,
                url -> paths.contains(url.said()));
    }

    @Test
    void theReadmeNamesEveryRouteThatIsDeployed() throws IOException {
        List<String> named =
                document("README.md").mentions(ROUTE).map(Mention::said).toList();

        assertThat(named).containsAll(deployedRoutes()).hasSizeGreaterThan(5);
    }

    @Test
    void everyPropertyExists() {
        Set<String> properties = new TreeSet<>(repository.all("^([a-z][a-z.-]+)=", "application.properties"));
        for (Class<?> record : List.of(
                Tables.class,
                CallSettings.class,
                MeetingSettings.class,
                TimerSettings.class,
                PublisherSettings.class,
                LocalSettings.class)) {
            properties(record.getAnnotation(ConfigurationProperties.class).value(), record)
                    .forEach(properties::add);
        }
        hold(
                Stream.concat(
                        spans().filter(span -> PROPERTY.matcher(span.said()).matches()),
                        documents.stream()
                                .flatMap(document -> document.mentions(Pattern.compile("[ `]--([a-z.-]+)=")))
                                .filter(option -> option.said().contains("."))),
                4,
                span -> properties.contains(span.said()));
    }

    @Test
    void everyCommandNamesModulesTestsAndFilesThatExist() {
        Set<String> modules = repository.all("<module>([\\w-]+)</module>", "pom.xml");
        Set<String> tests = repository.all("\\bclass (\\w+Test)\\b", ".java");
        List<Mention> commands = documents.stream().flatMap(Prose::commands).toList();
        hold(options(commands, "-pl ([\\w,-]+)"), 4, modules::contains);
        hold(options(commands, "-Dtest=(\\w+)"), 1, tests::contains);
        hold(
                options(commands, "(?:^|[ (])((?:\\./)?[\\w.-]+/[\\w./-]+|\\./mvnw)(?= |$)"),
                5,
                path -> repository.has(Path.of(path)));
    }

    @Test
    void theReadmeShowsTheThreeLinesThatLocalRunPrints() {
        String welcome =
                Welcome.text(URI.create("http://localhost:8080"), URI.create("http://localhost:8081/event"), null);
        List<String> lines = welcome.stripTrailing().lines().toList();
        String walkThrough = String.join("\n", lines.subList(lines.size() - 3, lines.size()));

        assertThat(walkThrough).startsWith("java examples/Listen.java bob ");
        assertThat(document("README.md").text()).contains("```sh\n" + walkThrough + "\n```");
    }

    @Test
    void everyRuleOfTheStreamsNamesATestThatExists() {
        List<Path> sources = repository.files(".java");
        hold(
                document("docs/streams.md")
                        .spans()
                        .filter(span -> RULE_TEST.matcher(span.said()).matches()),
                50,
                span -> {
                    String[] test = span.said().split("\\.", -1);
                    return sources.stream()
                            .filter(source -> source.endsWith(test[0] + ".java"))
                            .anyMatch(source -> repository.text(source).contains("void " + test[1] + "("));
                });
        assertThat(document("docs/streams.md").text().lines().filter(line -> line.startsWith("| ")))
                .filteredOn(line -> !line.startsWith("| rule |"))
                .allSatisfy(
                        row -> assertThat(RULE_TEST.matcher(row).find()).as(row).isTrue());
    }

    @Test
    void everyDecisionIsInTheIndexAndHasItsThreeParts() {
        List<Path> pages = repository.files(".md").stream()
                .filter(file -> file.toString().matches("docs/adr/\\d{4}-.*"))
                .toList();
        String index = repository.text(Path.of("docs/adr/README.md"));

        assertThat(pages).hasSizeGreaterThan(15).allSatisfy(page -> {
            String number = page.getFileName().toString().substring(0, 4);
            String title =
                    repository.text(page).lines().findFirst().orElseThrow().replaceFirst("^# \\d+: ", "");
            assertThat(index).contains("| [%s](%s) | %s".formatted(number, page.getFileName(), title));
            assertThat(repository.text(page))
                    .startsWith("# %s: ".formatted(number))
                    .contains("\n## Context\n", "\n## Decision\n", "\n## Consequences\n");
        });
    }

    // ------------------------------------------------------------------------------------------ looking things up

    private static void hold(Stream<Mention> mentions, int atLeast, Predicate<Mention> exists) {
        List<Mention> looked = mentions.toList();
        assertThat(looked.stream().filter(exists.negate()))
                .as("what does not exist")
                .isEmpty();
        assertThat(looked).as("what was looked at").hasSizeGreaterThanOrEqualTo(atLeast);
    }

    private static void hold(List<String> said, int atLeast, Predicate<String> exists) {
        assertThat(said).hasSizeGreaterThanOrEqualTo(atLeast).allMatch(exists);
    }

    private Stream<Mention> spans() {
        return documents.stream().flatMap(Prose::spans);
    }

    private Prose document(String name) {
        return Prose.of(Path.of(name), repository.text(Path.of(name)));
    }

    private static Path beside(Path document, String target) {
        Path folder = document.getParent();
        return folder == null ? Path.of(target) : folder.resolve(target).normalize();
    }

    private static String firstSegment(String path) {
        return path.substring(0, path.indexOf('/'));
    }

    private static List<String> options(List<Mention> commands, String regex) {
        Pattern pattern = Pattern.compile(regex);
        return commands.stream()
                .flatMap(command -> pattern.matcher(command.said()).results().map(found -> found.group(1)))
                .flatMap(option -> Arrays.stream(option.split(",", -1)))
                .toList();
    }

    private static List<String> deployedRoutes() throws IOException {
        return Deployment.read(Deployment.find()).routes().stream()
                .map(Deployment.Route::key)
                .filter(key -> !key.equals(Deployment.Route.DEFAULT))
                .toList();
    }

    /// The deployed routes, local run's own endpoints, and those of the events.
    private static Set<String> routes() throws IOException {
        Set<String> routes = RunningSystem.shared().beans(RequestMappingInfoHandlerMapping.class).values().stream()
                .flatMap(mapping -> mapping.getHandlerMethods().keySet().stream())
                .flatMap(DocsTest::routes)
                .collect(Collectors.toCollection(HashSet::new));
        routes.addAll(deployedRoutes());
        routes.addAll(EVENTS);
        return routes;
    }

    private static Stream<String> routes(RequestMappingInfo mapping) {
        return mapping.getPatternValues().stream()
                .flatMap(pattern ->
                        mapping.getMethodsCondition().getMethods().stream().map(method -> method + " " + pattern));
    }

    /// `publisher.connect-timeout`, and inside nested records `local.events.port`.
    private static Stream<String> properties(String prefix, Class<?> record) {
        return Arrays.stream(record.getRecordComponents()).flatMap(component -> {
            String name = prefix.isEmpty() ? dashed(component) : prefix + "." + dashed(component);
            return component.getType().isRecord() ? properties(name, component.getType()) : Stream.of(name);
        });
    }

    private static String dashed(RecordComponent component) {
        return component.getName().replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }
}
