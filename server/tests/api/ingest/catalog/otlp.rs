//! OTLP messages, built with the layout of the public definition.

/// A message field with this content.
fn field(number: u32, content: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    prost::encoding::bytes::encode(number, &content.to_vec(), &mut bytes);
    bytes
}

fn number(field: u32, value: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    prost::encoding::uint64::encode(field, &value, &mut bytes);
    bytes
}

fn attribute(number: u32, key: &str, value: Vec<u8>) -> Vec<u8> {
    field(
        number,
        &[field(1, key.as_bytes()), field(2, &value)].concat(),
    )
}

fn text(value: &str) -> Vec<u8> {
    field(1, value.as_bytes())
}

fn real(value: f64) -> Vec<u8> {
    let mut bytes = Vec::new();
    prost::encoding::double::encode(4, &value, &mut bytes);
    bytes
}

fn metric(name: &str, kind: u32, data: &[Vec<u8>]) -> Vec<u8> {
    field(
        2,
        &[field(1, name.as_bytes()), field(kind, &data.concat())].concat(),
    )
}

fn resource(name: &str, metrics: &[Vec<u8>]) -> Vec<u8> {
    let described = attribute(1, "service.name", text(name));
    let scope = field(2, &metrics.concat());
    // The metrics come first: a message has no order.
    field(1, &[scope, field(1, &described)].concat())
}

/// A resource with as many attributes as a datapoint may have, and a datapoint with another one.
pub(super) fn crowded() -> Vec<u8> {
    let described = (0..36).map(|number| attribute(1, &format!("resource.{number}"), text("r")));
    let described = described.collect::<Vec<_>>().concat();
    let point = field(1, &attribute(7, "host", text("web-1")));
    let scope = field(2, &metric("load", 5, &[point]));
    field(1, &[field(1, &described), scope].concat())
}

/// Two resources with each kind of metric.
pub(super) fn metrics() -> Vec<u8> {
    let point = |attributes: &[Vec<u8>]| field(1, &attributes.concat());
    let list = field(5, &[]);
    let shop = resource(
        "shop",
        &[
            metric("growing", 7, &[point(&[]), number(2, 2), number(3, 1)]),
            metric(
                "delta",
                7,
                &[
                    point(&[attribute(7, "n", number(3, (-7_i64).cast_unsigned()))]),
                    number(2, 1),
                    number(3, 1),
                ],
            ),
            metric(
                "updown",
                7,
                &[point(&[attribute(7, "list", list)]), number(2, 2)],
            ),
            metric(
                "latency",
                9,
                &[point(&[attribute(9, "path", text("/a"))]), number(2, 2)],
            ),
            metric(" ", 5, &[point(&[])]),
        ],
    );
    let load = [
        attribute(7, "ok", number(2, 1)),
        attribute(7, "share", real(0.5)),
        attribute(7, "long", text(&"x".repeat(300))),
    ];
    let other = resource(
        "shop",
        &[metric(
            "load",
            5,
            &[point(&[
                attribute(7, "service.name", text("other")),
                load.concat(),
            ])],
        )],
    );
    [shop, other].concat()
}
