package com.pantherkolab.local;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.pantherkolab.api.ApiConfiguration;
import com.pantherkolab.api.calls.CallQueries;
import com.pantherkolab.api.calls.CallWorkflow;
import com.pantherkolab.api.calls.ChimeMeetings;
import com.pantherkolab.api.calls.CommandOnCallHandler;
import com.pantherkolab.api.calls.InitiateCallHandler;
import com.pantherkolab.api.calls.Meetings;
import com.pantherkolab.api.calls.QueueTimers;
import com.pantherkolab.api.calls.Timers;
import com.pantherkolab.api.command.Commands;
import com.pantherkolab.api.http.Edge;
import com.pantherkolab.api.http.Handler;
import com.pantherkolab.api.store.Change;
import com.pantherkolab.publisher.PublisherBeans;
import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.Architectures;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.context.annotation.Configuration;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/// The three laws of the house, and who may know whom.
class LawsTest {
    private static final DescribedPredicate<JavaClass> COMPOSITION_ROOTS = DescribedPredicate.describe(
            "composition roots",
            type -> type.isAnnotatedWith(Configuration.class) || type.isMetaAnnotatedWith(Configuration.class));

    private static JavaClasses house;

    @BeforeAll
    static void readTheHouse() {
        house = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .withImportOption(location -> !location.contains("-tests.jar"))
                .importPackages("com.pantherkolab");
        // So that no rule here can pass on nothing.
        assertThat(house).hasSizeGreaterThan(200);
    }

    @Test
    void aChangeThatOthersCanSeeCannotBeWrittenWithoutItsEvent() {
        assertThat(Change.class.getPermittedSubclasses())
                .containsExactlyInAnyOrder(Change.Announced.class, Change.EventOnly.class, Change.Quiet.class);
        assertThat(Change.Quiet.class.getPermittedSubclasses())
                .as("the closed list of what nobody is told")
                .containsExactlyInAnyOrder(Change.ProfileSaved.class, Change.AttendeeForgotten.class);
        assertThat(Change.Announced.class.getPermittedSubclasses())
                .allSatisfy(change -> assertThat(Arrays.stream(change.getRecordComponents())
                                .map(component -> component.getType().getSimpleName()))
                        .contains("OutboxEntry"));
    }

    @Test
    void onlyTheChangeWriterWrites() {
        noClasses()
                .that()
                .resideInAPackage("com.pantherkolab.api..")
                .and()
                .doNotHaveFullyQualifiedName("com.pantherkolab.api.store.DynamoChangeWriter")
                .should()
                .callMethodWhere(target(owner(name(DynamoDbClient.class.getName())))
                        .and(target(nameMatching("put.*|update.*|delete.*|transactWrite.*|batchWrite.*|execute.*"))))
                .check(house);
    }

    @Test
    void onlyTheStreamPublishes() {
        noClasses()
                .that()
                .resideInAPackage("com.pantherkolab.api..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("com.pantherkolab.publisher..", "com.pantherkolab.events..", "java.net.http..")
                .check(house);
    }

    @Test
    void dependenciesPointDownwardsOnly() {
        Architectures.layeredArchitecture()
                .consideringOnlyDependenciesInAnyPackage("com.pantherkolab..")
                .layer("common")
                .definedBy("com.pantherkolab.common..")
                .layer("api")
                .definedBy("com.pantherkolab.api..")
                .layer("publisher")
                .definedBy("com.pantherkolab.publisher..")
                .layer("emulator")
                .definedBy("com.pantherkolab.events..")
                .layer("local")
                .definedBy("com.pantherkolab.local..")
                .whereLayer("local")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("api")
                .mayOnlyBeAccessedByLayers("local")
                .whereLayer("publisher")
                .mayOnlyBeAccessedByLayers("local")
                .whereLayer("emulator")
                .mayOnlyBeAccessedByLayers("local")
                .whereLayer("common")
                .mayOnlyBeAccessedByLayers("api", "publisher", "local")
                .check(house);
    }

    @Test
    void theRoomsOfTheApiHaveNoCycle() {
        SlicesRuleDefinition.slices()
                .matching("com.pantherkolab.api.(*)..")
                .should()
                .beFreeOfCycles()
                .check(house);
    }

    @Test
    void commonKnowsTheJdkJacksonAndJSpecifyAlone() {
        classes()
                .that()
                .resideInAPackage("com.pantherkolab.common..")
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage(
                        "com.pantherkolab.common..",
                        "java..",
                        "tools.jackson..",
                        "com.fasterxml.jackson.annotation..",
                        "org.jspecify.."))
                .check(house);
    }

    @Test
    void whoChecksHistoriesKnowsNothingOfTheHouse() {
        classes()
                .that()
                .resideInAPackage("com.pantherkolab.local.history..")
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage(
                        "com.pantherkolab.local.history..", "java..", "tools.jackson..", "org.jspecify.."))
                .check(house);
    }

    @Test
    void decisionsArePureAndTimeIdsAndSleepAreArguments() {
        ArchRule rule = noClasses()
                .that()
                .resideInAnyPackage(
                        "com.pantherkolab.common..", "com.pantherkolab.api..", "com.pantherkolab.publisher..")
                .and(DescribedPredicate.not(COMPOSITION_ROOTS))
                .should()
                .callMethod(Instant.class, "now")
                .orShould()
                .callMethod(Clock.class, "systemUTC")
                .orShould()
                .callMethod(UUID.class, "randomUUID")
                .orShould()
                .callMethod(Math.class, "random")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(Thread.class, "sleep", long.class);
        rule.check(house);
        noClasses()
                .that()
                .haveNameMatching(
                        "com\\.pantherkolab\\.api\\.(messages\\.(Messages|ReadMarks)|conversations\\.(Conversations|ConversationPage)|calls\\.Calls|callstate\\..*)")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "software.amazon..",
                        "com.amazonaws..",
                        "org.springframework..",
                        "org.slf4j..",
                        "com.pantherkolab.api.http..",
                        "com.pantherkolab.api.trace..")
                .check(house);
    }

    /// What any other source would draw stands in the snapshot that functions are restored from, and would be the
    /// same in all of them.
    @Test
    void whatADeployableDrawsIsDrawnFromTheSystem() {
        noClasses()
                .that()
                .resideInAnyPackage(
                        "com.pantherkolab.common..", "com.pantherkolab.api..", "com.pantherkolab.publisher..")
                .should()
                .dependOnClassesThat()
                .haveNameMatching("java\\.util\\.(Random|SplittableRandom|concurrent\\.ThreadLocalRandom)")
                .orShould()
                .callMethod(Math.class, "random")
                .check(house);
        assertThat(house.get(ApiConfiguration.class).getDirectDependenciesFromSelf())
                .anyMatch(it -> it.getTargetClass().isEquivalentTo(SecureRandom.class));
        assertThat(house.get(PublisherBeans.class).getDirectDependenciesFromSelf())
                .anyMatch(it -> it.getTargetClass().isEquivalentTo(SecureRandom.class));
    }

    /// A bean that called it would be called while it is being made.
    @Test
    void nobodyCallsTheAdapterThatCallsTheFunctions() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .haveSimpleName("FunctionInvoker")
                .check(house);
    }

    @Test
    void theStatesOfACallKnowNothingButWhatACallIs() {
        classes()
                .that()
                .resideInAPackage("com.pantherkolab.api.callstate..")
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage(
                        "com.pantherkolab.api.callstate..",
                        "com.pantherkolab.common..",
                        "java.lang..",
                        "java.time..",
                        "java.util..",
                        "tools.jackson.databind..",
                        "org.jspecify.."))
                .check(house);
    }

    /// The request path writes to DynamoDB and does nothing else; what lies outside is the workflow's.
    @Test
    void onlyTheWorkflowsSideOfCallsKnowsChimeAndSqs() {
        DescribedPredicate<JavaClass> outside = resideInAnyPackage(
                "software.amazon.awssdk.services.chimesdkmeetings..", "software.amazon.awssdk.services.sqs..");
        noClasses()
                .that()
                .resideInAPackage("com.pantherkolab.api..")
                .and()
                .doNotHaveFullyQualifiedName(ChimeMeetings.class.getName())
                .and()
                .doNotHaveFullyQualifiedName(QueueTimers.class.getName())
                .and(DescribedPredicate.not(COMPOSITION_ROOTS))
                .should()
                .dependOnClassesThat(outside)
                .check(house);
        Set<String> reached = reachedFrom(
                Edge.class, Handler.class, InitiateCallHandler.class, CommandOnCallHandler.class, CallQueries.class);
        assertThat(reached)
                .contains(Commands.class.getName(), Change.class.getName())
                .doesNotContain(
                        CallWorkflow.class.getName(),
                        Meetings.class.getName(),
                        Timers.class.getName(),
                        ChimeMeetings.class.getName(),
                        QueueTimers.class.getName());
    }

    /// The classes of ours that some can come to by what they depend on.
    private static Set<String> reachedFrom(Class<?>... types) {
        Set<String> reached = new HashSet<>();
        Deque<JavaClass> open = new ArrayDeque<>();
        for (Class<?> type : types) {
            open.add(house.get(type));
        }
        while (!open.isEmpty()) {
            JavaClass next = open.remove();
            if (next.getPackageName().startsWith("com.pantherkolab") && reached.add(next.getName())) {
                next.getDirectDependenciesFromSelf().forEach(dependency -> open.add(dependency.getTargetClass()));
            }
        }
        return reached;
    }

    @Test
    void beansAreExplicitAndThereIsNoMockingLibrary() {
        noClasses()
                .should()
                .beAnnotatedWith("org.springframework.stereotype.Component")
                .orShould()
                .beAnnotatedWith("org.springframework.stereotype.Service")
                .orShould()
                .beAnnotatedWith("org.springframework.context.annotation.ComponentScan")
                .orShould()
                .beAnnotatedWith("org.springframework.boot.autoconfigure.SpringBootApplication")
                .check(house);
        assertThat(System.getProperty("java.class.path")).isNotBlank().doesNotContain("mockito");
    }
}
