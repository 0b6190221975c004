# A function as a container image, with the JDK's ahead-of-time cache of just this function: docs/deploy.md, "As a
# container image". `sam build` reads the two arguments in template-image.yaml; ./mvnw package goes first.
#
# The JVM that fills the cache has to be the one that uses it, to the build: so both stages have one base. The tag is
# as exact as it is given; who wants it to be the same bytes for ever adds the digest of the day (@sha256:...).
FROM amazoncorretto:25.0.4-al2023-headless AS function
ARG MODULE
WORKDIR /function
COPY ${MODULE}/target/lambda/lib jars
COPY local-run/target/runtime-interface jars

# What trains is not what is deployed: of this stage the cache goes on, and the list of the jars.
FROM function AS training
ARG FUNCTION
COPY local-run/target/classes/com/pantherkolab/local/lambda ../training/classes/com/pantherkolab/local/lambda
COPY events image ../training/
# Of a heap over 32 GB, which 70 % of a large machine are, the cache would be of no use to a small one.
RUN java -cp ../training/classes com.pantherkolab.local.lambda.TrainImage ../training ${FUNCTION} \
    -Xmx512m --enable-native-access=ALL-UNNAMED @class-path \
    com.amazonaws.services.lambda.runtime.api.client.AWSLambda

# A cache knows its jars by their times too: they are those of the very layer that it was trained with.
FROM function
COPY --from=training /function/class-path /function/function.aot ./
# Lambda's own start gives the heap most of the memory; a JVM by itself takes a quarter of it. The client has
# a native library, which may be loaded without a word in the log.
ENTRYPOINT ["java", "-XX:MaxRAMPercentage=70", "--enable-native-access=ALL-UNNAMED", "@class-path", \
    "com.amazonaws.services.lambda.runtime.api.client.AWSLambda"]
CMD ["org.springframework.cloud.function.adapter.aws.FunctionInvoker::handleRequest"]
