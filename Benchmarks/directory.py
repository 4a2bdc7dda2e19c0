"""A seeded directory for measuring: N people, N/20 groups with about 4.5 N members, as LDIF and as day-by-day changes."""
import base64
import random
import uuid

BASE = "dc=bench,dc=example"
GIVEN = ("Ada Björn Chloé Dmitri Elif François Grace Håkon Inés Jörg Kateřina Łukasz Mina Noor Olga Pål Renée Søren Thanh Ümit "
         "Vera Wanda Ximena Yusuf Zoë 美咲 Ольга Γιώργος").split()
FAMILY = ("Adeyemi Bergström Çelik Dvořák Eriksen Fernández García Hansen Ivanova Jensen Kowalski Lindqvist Müller Nguyen O'Brien "
          "Peña Rossi Schmidt Tóth Ünal Vogt Wiśniewska Yıldız Zhang 佐藤 Петров").split()


def line(name, value):
    data = value.encode()
    plain = all(32 <= byte < 127 for byte in data) and value[:1] not in " :<" and value[-1:] != " "
    return f"{name}: {value}" if plain else f"{name}:: {base64.b64encode(data).decode()}"


class Directory:
    """The people and groups of one size; the same seed gives the same directory."""

    def __init__(self, users, seed=20261121):
        self.users = users
        self.groups = max(1, users // 20)
        self.random = random.Random(seed)

    def uid(self, index):
        return f"p{index:07d}"

    def person_dn(self, index):
        return f"uid={self.uid(index)},ou=people,{BASE}"

    def group_dn(self, index):
        return f"cn=team{index:05d},ou=groups,{BASE}"

    def person(self, index, with_ids=False):
        pick = self.random
        given, family = pick.choice(GIVEN), pick.choice(FAMILY)
        lines = [f"dn: {self.person_dn(index)}", "objectClass: inetOrgPerson", f"uid: {self.uid(index)}"]
        lines += [line("cn", f"{given} {family}"), line("sn", family), line("givenName", given)]
        lines += [line("displayName", f"{family}, {given}"), f"mail: {self.uid(index)}@bench.example"]
        lines += [f"employeeType: {pick.choice(['employee'] * 8 + ['contractor', 'intern'])}", f"employeeNumber: {100000 + index}"]
        lines += [f"departmentNumber: D{pick.randint(1, 400):04d}", f"telephoneNumber: +47 {pick.randint(20000000, 99999999)}"]
        if with_ids:
            lines.append(f"entryUUID: {uuid.UUID(int=pick.getrandbits(128), version=4)}")
        return "\n".join(lines) + "\n"

    def group(self, index, with_ids=False):
        pick = self.random
        size = max(1, (self.users // 2) // (index + 1))
        lines = [f"dn: {self.group_dn(index)}", "objectClass: groupOfNames", f"cn: team{index:05d}"]
        lines += [f"member: {self.person_dn(member)}" for member in pick.sample(range(self.users), size)]
        if index % 50 == 0:
            lines += [f"member: {self.group_dn(child)}" for child in range(index + 1, min(index + 4, self.groups))]
        if with_ids:
            lines.append(f"entryUUID: {uuid.UUID(int=pick.getrandbits(128), version=4)}")
        return "\n".join(lines) + "\n"

    def write(self, path, with_ids=False):
        with open(path, "w", encoding="utf-8") as out:
            out.write(f"dn: {BASE}\nobjectClass: dcObject\nobjectClass: organization\no: Bench\ndc: bench\n\n")
            for unit in ("people", "groups", "services"):
                out.write(f"dn: ou={unit},{BASE}\nobjectClass: organizationalUnit\nou: {unit}\n\n")
            out.write(f"dn: cn=reader,ou=services,{BASE}\nobjectClass: applicationProcess\nobjectClass: simpleSecurityObject\n"
                      "cn: reader\nuserPassword: benchsecret\n\n")
            for index in range(self.users):
                out.write(self.person(index, with_ids) + "\n")
            for index in range(self.groups):
                out.write(self.group(index, with_ids) + "\n")

    def mapped_groups(self):
        """Twenty groups: the largest with its nested ones, and every fifth after it."""
        return [index * 5 for index in range(20) if index * 5 < self.groups]

    def churn(self, day):
        """One per cent of the people on one day: seven in ten change, one in ten joins, leaves, and changes groups each."""
        pick = random.Random(day)
        many = max(10, self.users // 100)
        out = []
        for index in pick.sample(range(self.users // 2), many * 7 // 10):
            out.append(f"dn: {self.person_dn(index)}\nchangetype: modify\nreplace: departmentNumber\ndepartmentNumber: X{day}-{index}\n")
        for number in range(many // 10):
            joiner = self.users + day * many + number
            out.append(self.person(joiner).replace("\n", "\nchangetype: add\n", 1))
        first = self.users - 1 - day * (many // 10)
        for index in range(first, first - many // 10, -1):
            out.append(f"dn: {self.person_dn(index)}\nchangetype: delete\n")
        group = self.group_dn(self.mapped_groups()[-1])
        movers = [self.users + day * many + number for number in range(many // 10)]
        out.append(f"dn: {group}\nchangetype: modify\nadd: member\n" + "\n".join(f"member: {self.person_dn(m)}" for m in movers) + "\n")
        return "\n".join(out)
