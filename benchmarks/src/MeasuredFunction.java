import com.pantherkolab.local.lambda.EmptyAws;
import com.pantherkolab.local.lambda.FunctionPackage;
import com.pantherkolab.local.lambda.FunctionSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// The function whose starts are measured, as `template.yaml` deploys it but for the options of the JVM, which are
/// what is compared.
final class MeasuredFunction {
    static final FunctionPackage PACKAGE = new FunctionPackage(Path.of("api-functions/target/lambda"));
    static final List<Path> CLIENT = FunctionPackage.runtimeInterface(Path.of("local-run/target"));
    static final String HANDLER = "org.springframework.cloud.function.adapter.aws.FunctionInvoker::handleRequest";

    /// The quick compiler alone, and the collector without threads.
    static final List<String> QUICK = List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");

    private MeasuredFunction() {}

    /// Its variables, of which an image's training is told too.
    static Map<String, String> environment(EmptyAws aws) throws IOException {
        Map<String, String> environment = FunctionSettings.read(
                        Path.of("image/functions.properties"), "conversationsApi")
                .environment(aws);
        environment.remove("JAVA_TOOL_OPTIONS");
        return environment;
    }
}
