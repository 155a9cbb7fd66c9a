// SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors
// SPDX-License-Identifier: GPL-3.0-or-later

import java.util.List;
import javax.smartcardio.Card;
import javax.smartcardio.CardChannel;
import javax.smartcardio.CardTerminal;
import javax.smartcardio.CommandAPDU;
import javax.smartcardio.ResponseAPDU;
import javax.smartcardio.TerminalFactory;

/** What a Java application does with a card: finds it, and speaks to it under a lock of its own. */
public class Terminal {
	private static String hex(byte[] bytes) {
		StringBuilder text = new StringBuilder();
		for (byte b : bytes)
			text.append(String.format("%02X", b));
		return text.toString();
	}

	public static void main(String[] args) throws Exception {
		List<CardTerminal> terminals = TerminalFactory.getDefault().terminals().list();
		for (CardTerminal terminal : terminals)
			System.out.println(terminal.getName() + ": " + terminal.isCardPresent());
		Card card = terminals.get(0).connect("*");
		System.out.println(card.getProtocol() + " " + hex(card.getATR().getBytes()));
		card.beginExclusive();
		CardChannel channel = card.getBasicChannel();
		ResponseAPDU selected = channel.transmit(new CommandAPDU(0x00, 0xA4, 0x00, 0x0C, new byte[] { 0x3F, 0x00 }));
		ResponseAPDU random = channel.transmit(new CommandAPDU(0x00, 0x84, 0x00, 0x00, 300));
		card.endExclusive();
		System.out.println(String.format("%04X %04X %d", selected.getSW(), random.getSW(), random.getData().length));
		card.disconnect(true);
	}
}
