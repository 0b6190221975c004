package com.pantherkolab.local;

import com.pantherkolab.events.template.CloudFormationTemplate.Resource;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/// `image/functions.properties`: what each function is told while the cache of its image is trained. It is what
/// `template.yaml` tells it, so that the same code runs; a resource goes by its name in the template, and `${aws}`
/// is whatever answers for AWS.
final class ImageTraining {
    static final String FILE = "image/functions.properties";

    private static final String AWS = "${aws}";
    private static final String HEADER = """
            # What a function is told while the cache of its image is trained. Made of template.yaml, with %s.
            """.formatted(ImageTemplate.FILE);

    private ImageTraining() {}

    static String of(Deployment deployment) {
        Map<String, String> names = new HashMap<>();
        names.put("AWS::Region", LocalRun.REGION);
        names.put("EventsApi.Dns.Http", AWS);
        for (Resource resource : deployment.template().resources()) {
            boolean queue = resource.type().equals("AWS::SQS::Queue");
            names.put(
                    resource.logicalId(), queue ? "http://" + AWS + "/" + resource.logicalId() : resource.logicalId());
        }
        Map<String, String> settings = new TreeMap<>();
        for (DeployedFunction function : DeployedFunction.all(deployment, names)) {
            settings.put(function.bean() + ".handler", function.handler());
            settings.put(
                    function.bean() + ".event",
                    SampleEvents.files().getOrDefault(function.bean(), "no sample in SampleEvents"));
            function.environment()
                    .forEach((variable, value) -> settings.put(
                            function.bean() + "." + variable, value.replace("https://" + AWS, "http://" + AWS)));
        }
        StringBuilder text = new StringBuilder(HEADER);
        settings.forEach(
                (name, value) -> text.append(name).append('=').append(value).append('\n'));
        return text.toString();
    }
}
