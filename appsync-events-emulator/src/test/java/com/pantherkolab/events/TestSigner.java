package com.pantherkolab.events;

import java.net.URI;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.HttpSigner;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;

/// Signs with the AWS SDK's own signer: what it signs is what AWS takes.
public record TestSigner(String accessKey, String secretKey, String region, String service) {

    public static final TestSigner KNOWN =
            new TestSigner("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "us-east-1", "appsync");

    /// The headers of a signed `POST`, `host` among them.
    public Map<String, String> sign(URI endpoint, Map<String, String> headers, String body, Clock clock) {
        var request = SdkHttpRequest.builder().method(SdkHttpMethod.POST).uri(endpoint);
        headers.forEach(request::putHeader);
        var signed = AwsV4HttpSigner.create()
                .sign(it -> it.identity(AwsCredentialsIdentity.create(accessKey, secretKey))
                        .request(request.build())
                        .payload(ContentStreamProvider.fromUtf8String(body))
                        .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, service)
                        .putProperty(AwsV4HttpSigner.REGION_NAME, region)
                        .putProperty(HttpSigner.SIGNING_CLOCK, clock));
        var all = new LinkedHashMap<String, String>();
        for (Map.Entry<String, List<String>> header : signed.request().headers().entrySet()) {
            all.put(header.getKey(), String.join(",", header.getValue()));
        }
        return all;
    }
}
