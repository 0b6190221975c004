package com.pantherkolab.events.template;

/// How a caller may prove who they are, in the words of the template (`AuthType`).
///
/// `OPENID_CONNECT` and `AWS_LAMBDA` are not here because they are not emulated; a template that names them is
/// refused when it is read, not when the first caller arrives.
public enum AuthMode {
    /// A JWT of a Cognito user pool, or of an issuer that stands in for one.
    AMAZON_COGNITO_USER_POOLS,
    /// A request signed with Signature Version 4.
    AWS_IAM,
    /// A fixed key in `x-api-key`.
    API_KEY;

    static AuthMode named(Section section) {
        String name = section.requiredText("AuthType");
        for (AuthMode mode : values()) {
            if (mode.name().equals(name)) {
                return mode;
            }
        }
        throw new TemplateException(section.path() + ".AuthType is not emulated");
    }
}
