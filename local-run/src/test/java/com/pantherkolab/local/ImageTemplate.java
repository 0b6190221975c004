package com.pantherkolab.local;

import com.pantherkolab.events.template.CloudFormationTemplate;
import com.pantherkolab.events.template.CloudFormationTemplate.Resource;
import com.pantherkolab.events.template.Section;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// `template-image.yaml`, made of `template.yaml`: each function is a container image in place of a package, and is
/// not restored from a snapshot, which Lambda does not do with images. All else is carried over, line by line, so
/// that what is added to the one is in the other. Comments are not: what they say is said of the one.
final class ImageTemplate {
    static final String FILE = "template-image.yaml";

    private static final Pattern KEY = Pattern.compile("( *)([A-Za-z0-9_]+):( .*)?");
    private static final String HEADER = """
            # Made of template.yaml, which says why things are as they are: do not edit. Made anew by
            #   ./mvnw -B -ntp -pl local-run -am verify -Dspotless.check.skip -Dsurefire.failIfNoSpecifiedTests=false \
            -Dtest=ImageFilesTest -Dimage.write=true
            """;

    private final Map<String, Resource> functions = new HashMap<>();
    private final String handler;
    private final List<String> written = new ArrayList<>();

    private ImageTemplate(CloudFormationTemplate template) {
        template.resources(Deployment.FUNCTION).forEach(function -> functions.put(function.logicalId(), function));
        Section globals = template.root()
                .section("Globals")
                .flatMap(all -> all.section("Function"))
                .orElseThrow();
        this.handler = globals.requiredText("Handler");
    }

    /// The template of the images.
    static String of(String template) {
        ImageTemplate image = new ImageTemplate(CloudFormationTemplate.parse(template));
        image.write(template.lines().toList());
        return HEADER + String.join("\n", image.written) + "\n";
    }

    /// What stands where: the key of each depth, so that `Handler` in a function is told from one elsewhere.
    private void write(List<String> lines) {
        List<String> place = new ArrayList<>();
        int left = Integer.MAX_VALUE;
        for (String line : lines) {
            if (line.isBlank()) {
                add(line);
                continue;
            }
            int depth = line.length() - line.stripLeading().length();
            if (depth > left || line.stripLeading().startsWith("#")) {
                continue;
            }
            left = Integer.MAX_VALUE;
            Matcher key = KEY.matcher(line);
            if (key.matches() && depth % 2 == 0 && depth / 2 <= place.size()) {
                place.subList(depth / 2, place.size()).clear();
                place.add(key.group(2));
                if (isOfPackages(place)) {
                    left = depth;
                    continue;
                }
            }
            write(line, place);
        }
    }

    private void write(String line, List<String> place) {
        Resource function = functionAt(place);
        if (function != null && place.size() == 3 && place.getLast().equals("Properties")) {
            String module = function.properties().requiredText("CodeUri").split("/", 2)[0];
            add("""
                        Metadata:
                          Dockerfile: Dockerfile
                          DockerContext: .
                          DockerBuildArgs:
                            MODULE: %s
                            FUNCTION: %s
                    """.formatted(module, Deployment.bean(function)));
            add(line);
            add("""
                          PackageType: Image
                          ImageConfig:
                            Command:
                              - %s
                    """.formatted(function.properties().text("Handler").orElse(handler)));
        } else if (line.strip().startsWith("JAVA_TOOL_OPTIONS:")) {
            add(line + " -XX:AOTCache=function.aot");
        } else {
            add(line);
        }
    }

    private boolean isOfPackages(List<String> place) {
        boolean ofAll = place.size() == 3 && place.subList(0, 2).equals(List.of("Globals", "Function"));
        boolean ofOne =
                place.size() == 4 && functionAt(place) != null && place.get(2).equals("Properties");
        return (ofAll || ofOne)
                && List.of("Runtime", "Handler", "SnapStart", "CodeUri").contains(place.getLast());
    }

    private @Nullable Resource functionAt(List<String> place) {
        return place.size() > 1 && place.getFirst().equals("Resources") ? functions.get(place.get(1)) : null;
    }

    private void add(String lines) {
        lines.lines().forEach(written::add);
        if (lines.isEmpty() && !written.getLast().isEmpty()) {
            written.add("");
        }
    }
}
