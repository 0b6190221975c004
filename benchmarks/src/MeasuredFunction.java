import com.pantherkolab.local.lambda.EmptyAws;
import com.pantherkolab.local.lambda.FunctionPackage;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;

/// The function whose starts are measured, as `template.yaml` deploys it but for the options of the JVM, which are
/// what is compared.
final class MeasuredFunction {
    static final FunctionPackage PACKAGE = new FunctionPackage(Path.of("api-functions/target/lambda"));
    static final List<Path> CLIENT = FunctionPackage.runtimeInterface(Path.of("local-run/target"));
    static final String HANDLER = "org.springframework.cloud.function.adapter.aws.FunctionInvoker::handleRequest";

    /// The quick compiler alone, and the collector without threads.
    static final List<String> QUICK = List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");

    private static final String NAME = "conversationsApi.";

    private MeasuredFunction() {}

    /// Its variables, of which an image's training is told too; those of the template are in capitals.
    static Map<String, String> environment(EmptyAws aws) throws IOException {
        Properties all = new Properties();
        try (Reader reader = Files.newBufferedReader(Path.of("image/functions.properties"))) {
            all.load(reader);
        }
        Map<String, String> environment = all.stringPropertyNames().stream()
                .filter(name -> name.startsWith(NAME))
                .filter(name -> Character.isUpperCase(name.charAt(NAME.length())))
                .collect(Collectors.toMap(
                        name -> name.substring(NAME.length()), all::getProperty, (one, other) -> one, HashMap::new));
        environment.remove("JAVA_TOOL_OPTIONS");
        environment.putAll(Map.of(
                "AWS_ENDPOINT_URL", aws.endpoint().toString(),
                "AWS_REGION", "us-east-1",
                "AWS_ACCESS_KEY_ID", "nobody",
                "AWS_SECRET_ACCESS_KEY", "nobody"));
        return environment;
    }
}
