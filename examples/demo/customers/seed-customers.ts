import { foldText } from '../service/fold-text.ts';
import type { Customer, CustomerStatus } from './customer.ts';

const HOW_MANY = 1_000;
const FIRST_DAY = Date.UTC(2019, 0, 7, 8);
const BETWEEN_TWO_MS = 61 * 60 * 60 * 1_000;

const cultures = [
  {
    given: ['Lucía', 'Mateo', 'Valentina', 'Andrés', 'Ximena', 'José', 'Inés', 'Raúl', 'Noelia', 'Íñigo'],
    family: ['García', 'Muñoz', 'Fernández', 'Quispe', 'Rojas', 'Castellanos', 'Ibáñez', 'Peña'],
    cities: ['Madrid', 'Bogotá', 'Lima', 'Ciudad de México'],
  },
  {
    given: ['Amara', 'Chinedu', 'Ngozi', 'Tunde', 'Folake', 'Emeka', 'Zainab', 'Kwame', 'Abena', 'Kofi'],
    family: ['Okafor', 'Adeyemi', 'Balogun', 'Mensah', 'Eze', 'Owusu', 'Bello', 'Nwosu'],
    cities: ['Lagos', 'Accra', 'Abuja', 'Kumasi'],
  },
  {
    given: ['Haruka', 'Kenji', 'Yuki', 'Sora', 'Akira', 'Mei', 'Ren', 'Aoi', 'Takumi', 'Hana'],
    family: ['Sato', 'Suzuki', 'Takahashi', 'Tanaka', 'Watanabe', 'Kobayashi', 'Yamamoto', 'Nakamura'],
    cities: ['Tokyo', 'Osaka', 'Sapporo', 'Fukuoka'],
  },
  {
    given: ['Priya', 'Arjun', 'Ananya', 'Rohan', 'Kavya', 'Vikram', 'Meera', 'Sanjay', 'Divya', 'Aditya'],
    family: ['Sharma', 'Patel', 'Iyer', 'Reddy', 'Banerjee', 'Kapoor', 'Nair', 'Deshmukh'],
    cities: ['Mumbai', 'Bengaluru', 'Kolkata', 'Chennai'],
  },
  {
    given: ['Layla', 'Omar', 'Fatima', 'Karim', 'Nour', 'Yusuf', 'Salma', 'Hassan', 'Rania', 'Tariq'],
    family: ['Haddad', 'Mansour', 'Nasser', 'Khalil', 'El Amrani', 'Saleh', 'Farouk', 'Benali'],
    cities: ['Cairo', 'Amman', 'Casablanca', 'Beirut'],
  },
  {
    given: ['Zofia', 'Jakub', 'Hanna', 'Tomasz', 'Jana', 'Petr', 'Milena', 'Luka', 'Ivana', 'Zoltán'],
    family: ['Kowalska', 'Nowak', 'Dvořák', 'Horvat', 'Wiśniewski', 'Novotný', 'Szabó', 'Jovanović'],
    cities: ['Kraków', 'Praha', 'Zagreb', 'Budapest'],
  },
  {
    given: ['Greta', 'Lukas', 'Élodie', 'Hugo', 'Saskia', 'Jürgen', 'Chloé', 'Anton', 'Maïwenn', 'Björn'],
    family: ['Müller', 'Dubois', 'van Dijk', 'Schäfer', 'Lefèvre', 'Lindqvist', 'Weber', 'Peeters'],
    cities: ['Berlin', 'Lyon', 'Utrecht', 'Göteborg'],
  },
  {
    given: ['Grace', 'Oliver', 'Maya', 'Ethan', 'Siobhán', 'Callum', 'Zoe', 'Malik', 'Eilidh', 'Noah'],
    family: ['Smith', "O'Brien", 'Campbell', 'Johnson', 'Williams', 'Murphy', 'Taylor', 'Bennett'],
    cities: ['London', 'Dublin', 'Toronto', 'Auckland'],
  },
];

/** The demo's customers 1 to 1,000, in this order: the same ones in every run, drawn with the id as seed. */
export function seedCustomers(): Omit<Customer, 'id'>[] {
  return Array.from({ length: HOW_MANY }, (_, index) => seedCustomer(index + 1));
}

function seedCustomer(id: number): Omit<Customer, 'id'> {
  const pick = createPick(id);
  const culture = pick(cultures);
  const name = `${pick(culture.given)} ${pick(culture.family)}`;
  const mailbox = foldText(name).replace(/[^a-z]+/g, '.');
  return {
    name,
    email: `${mailbox}.${id}@${pick(['example.com', 'example.org', 'example.net'])}`,
    city: pick(culture.cities),
    status: seedStatus(id),
    createdAt: new Date(FIRST_DAY + id * BETWEEN_TWO_MS).toISOString(),
  };
}

/** Every tenth customer is suspended, every twentieth closed, the others are active. */
function seedStatus(id: number): CustomerStatus {
  if (id % 20 === 0) return 'closed';
  return id % 10 === 0 ? 'suspended' : 'active';
}

/** Picks from lists in an order that looks random and depends on nothing but the seed (mulberry32). */
function createPick(seed: number): <T>(list: readonly T[]) => T {
  let state = seed;
  return (list) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return list[((mixed ^ (mixed >>> 14)) >>> 0) % list.length]!;
  };
}
