/// Content records that the parsers of other projects are tested with, and what they are read as.
///
/// From python-ldap, go-ldap/ldif, Apache Directory, ldaptive and RFC 2849. Where they disagree this project keeps trailing spaces.
struct LDIFVector: Sendable {
    let name: String
    let text: String
    let records: [KeptRecord]

    init(_ name: String, _ text: String, _ records: [KeptRecord]) {
        self.name = name
        self.text = text
        self.records = records
    }
}

extension LDIFVector {
    static let all: [LDIFVector] = [
        LDIFVector(
            "simple",
            "version: 1\n\ndn: cn=x,cn=y,cn=z\nattrib: value\nattrib: value2\n\n",
            [
                KeptRecord(dn: "cn=x,cn=y,cn=z", attributes: ["attrib": ["value", "value2"]])
            ]),
        LDIFVector(
            "simple2",
            "dn:cn=x,cn=y,cn=z\nattrib:value\nattrib:value2\n\n",
            [
                KeptRecord(dn: "cn=x,cn=y,cn=z", attributes: ["attrib": ["value", "value2"]])
            ]),
        LDIFVector(
            "binary2",
            "dn: cn=x,cn=y,cn=z\nattrib::CQAKOiVA\n\n",
            [
                KeptRecord(dn: "cn=x,cn=y,cn=z", attributes: ["attrib": ["\u{09}\u{00}\u{0A}:%@"]])
            ]),
        LDIFVector(
            "big binary",
            "dn: cn=x,cn=y,cn=z\nattrib:: AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n"
                + " AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n"
                + " AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n"
                + " AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n"
                + " AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n"
                + " AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n"
                + " AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n"
                + " AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n"
                + " AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n =\n\n",
            [
                KeptRecord(dn: "cn=x,cn=y,cn=z", attributes: ["attrib": [String(repeating: "\0", count: 500)]])
            ]),
        LDIFVector(
            "unicode",
            "dn: cn=Michael Stroeder,dc=stroeder,dc=com\nlastname:: U3Ryw7ZkZXI=\n\n",
            [
                KeptRecord(dn: "cn=Michael Stroeder,dc=stroeder,dc=com", attributes: ["lastname": ["Ströder"]])
            ]),
        LDIFVector(
            "unencoded unicode",
            "dn: cn=Michael Stroeder,dc=stroeder,dc=com\nlastname: Ströder\n\n",
            [
                KeptRecord(dn: "cn=Michael Stroeder,dc=stroeder,dc=com", attributes: ["lastname": ["Ströder"]])
            ]),
        LDIFVector(
            "sorted",
            "dn: cn=x,cn=y,cn=z\nb: value_b\nc: value_c\na: value_a\n\n",
            [
                KeptRecord(dn: "cn=x,cn=y,cn=z", attributes: ["a": ["value_a"], "b": ["value_b"], "c": ["value_c"]])
            ]),
        LDIFVector(
            "weird empty lines",
            "# comment before version\n\nversion: 1\n\n\ndn: cn=x1,cn=y1,cn=z1\nfirst: value_a1\n"
                + "middle: value_b1\nlast: value_c1\n\n\ndn: cn=x2,cn=y2,cn=z2\nfirst: value_a2\nmiddle: value_b2\n"
                + "last: value_c2",
            [
                KeptRecord(
                    dn: "cn=x1,cn=y1,cn=z1",
                    attributes: [
                        "first": ["value_a1"],
                        "middle": ["value_b1"],
                        "last": ["value_c1"],
                    ]),
                KeptRecord(
                    dn: "cn=x2,cn=y2,cn=z2",
                    attributes: [
                        "first": ["value_a2"],
                        "middle": ["value_b2"],
                        "last": ["value_c2"],
                    ]),
            ]),
        LDIFVector(
            "empty attr value",
            "dn: uid=someone,dc=example,dc=org\ncn:\ncn: Some User\n",
            [
                KeptRecord(dn: "uid=someone,dc=example,dc=org", attributes: ["cn": ["", "Some User"]])
            ]),
        LDIFVector(
            "folded comment",
            "dn: uid=someone,dc=example,dc=org\n# a comment\n continued comment\nsn: someone\n",
            [
                KeptRecord(dn: "uid=someone,dc=example,dc=org", attributes: ["sn": ["someone"]])
            ]),
        LDIFVector(
            "many spaces after colon",
            "dn:  uid=someone,dc=example,dc=org\nsn:    someone\n",
            [
                KeptRecord(dn: "uid=someone,dc=example,dc=org", attributes: ["sn": ["someone"]])
            ]),
        LDIFVector(
            "several blank lines between records",
            "# Organization Units\ndn: ou=users,dc=example,dc=com\nobjectClass: organizationalUnit\n"
                + "objectClass: top\nou: users\n\n\n# comment\ndn: ou=groups,dc=example,dc=com\n"
                + "objectClass: organizationalUnit\nobjectClass: top\nou: groups\n",
            [
                KeptRecord(
                    dn: "ou=users,dc=example,dc=com",
                    attributes: [
                        "objectClass": ["organizationalUnit", "top"],
                        "ou": ["users"],
                    ]),
                KeptRecord(
                    dn: "ou=groups,dc=example,dc=com",
                    attributes: [
                        "objectClass": ["organizationalUnit", "top"],
                        "ou": ["groups"],
                    ]),
            ]),
        LDIFVector(
            "only line ends, mixed",
            "\n\n\r\r\n",
            []),
        LDIFVector(
            "comments with bare CR and folded",
            "#Comment 1\r#\r th\n is is still a comment\n\n",
            []),
        LDIFVector(
            "folded version",
            "#Comment 1\n#\n th\n is is still a comment\n\nversion:\n 1\n# end",
            []),
        LDIFVector(
            "trailing spaces kept",
            "version:   1\ndn: cn=app1,ou=applications,ou=conf,dc=apache,dc=org\ncn: app1\nobjectClass: top\n"
                + "objectClass: apApplication\ndisplayName:   app1   \ndependencies:\nenvVars:",
            [
                KeptRecord(
                    dn: "cn=app1,ou=applications,ou=conf,dc=apache,dc=org",
                    attributes: [
                        "cn": ["app1"],
                        "objectClass": ["top", "apApplication"],
                        "displayName": ["app1   "],
                        "dependencies": [""],
                        "envVars": [""],
                    ])
            ]),
        LDIFVector(
            "hash inside a value is not a comment",
            "#comment\n still a comment\ndn: cn=app1,ou=applications,ou=conf,dc=apache,dc=org\n"
                + "cn: app1#another comment\nobjectClass: top\n",
            [
                KeptRecord(
                    dn: "cn=app1,ou=applications,ou=conf,dc=apache,dc=org",
                    attributes: [
                        "cn": ["app1#another comment"],
                        "objectClass": ["top"],
                    ])
            ]),
        LDIFVector(
            "folded dn",
            "#comment\ndn: cn=app1,ou=appli\n cations,ou=conf,dc=apache,dc=org\ncn: app1\n",
            [
                KeptRecord(dn: "cn=app1,ou=applications,ou=conf,dc=apache,dc=org", attributes: ["cn": ["app1"]])
            ]),
        LDIFVector(
            "base64 dn",
            "version: 1\ndn:: b3U95Za25qWt6YOoLG89QWlyaXVz\n# dn:: ou=<JapaneseOU>,o=Airius\nobjectclass: top\n"
                + "objectclass: organizationalUnit\nou:: 5Za25qWt6YOo\nou;lang-ja:: 5Za25qWt6YOo\n"
                + "ou;lang-ja;phonetic:: 44GI44GE44GO44KH44GG44G2\nou;lang-en: Sales\ndescription: Japanese office\n",
            [
                KeptRecord(
                    dn: "ou=営業部,o=Airius",
                    attributes: [
                        "objectclass": ["top", "organizationalUnit"],
                        "ou": ["営業部"],
                        "ou;lang-ja": ["営業部"],
                        "ou;lang-ja;phonetic": ["えいぎょうぶ"],
                        "ou;lang-en": ["Sales"],
                        "description": ["Japanese office"],
                    ])
            ]),
    ]
}
